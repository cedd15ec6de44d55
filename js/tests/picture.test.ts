import assert from "node:assert/strict";
import { test } from "node:test";
import { GHOST_MS, GHOSTS_MOST } from "../src/store/ghosts.ts";
import {
  applyDelta,
  drawnRow,
  EMPTY,
  EVENTS_KEPT,
  fromSnapshot,
  type Picture,
  tick,
} from "../src/store/picture.ts";
import { delta, event, row, snapshot } from "./fixtures.ts";

const family = () =>
  fromSnapshot(
    EMPTY,
    snapshot([row("s"), ...["a", "b", "c"].map((key) => row(key, { parent: "s" }))]),
  );

const childrenOf = (picture: Picture, parent: string) => picture.children.get(parent) ?? [];

test("a snapshot gives rows, order and events", () => {
  const picture = fromSnapshot(EMPTY, snapshot([row("s"), row("a", { parent: "s" })], { seq: 7 }));

  assert.equal(picture.seq, 7);
  assert.deepEqual(childrenOf(picture, ""), ["s"]);
  assert.deepEqual(childrenOf(picture, "s"), ["a"]);
});

test("a put of a known key replaces its fields and keeps the form of the tree", () => {
  const before = family();

  const after = applyDelta(before, delta(2, { put: [row("b", { parent: "s", mailbox: 9 })] }));

  assert.equal(after.rows.get("b")?.mailbox, 9);
  assert.equal(after.rows.get("a"), before.rows.get("a"));
  assert.equal(after.children, before.children);
});

test("a new row stands where the order says, and at the end without one", () => {
  const put = [row("x", { parent: "s" })];

  const placed = applyDelta(family(), delta(2, { put, order: { s: ["a", "x", "b", "c"] } }));
  const appended = applyDelta(family(), delta(2, { put }));

  assert.deepEqual(childrenOf(placed, "s"), ["a", "x", "b", "c"]);
  assert.deepEqual(childrenOf(appended, "s"), ["a", "b", "c", "x"]);
});

test("a row that died lingers in its place with its reason", () => {
  const drop = [{ key: "b", reason: "ValueError: no" }];

  const picture = applyDelta(family(), delta(2, { drop, order: { s: ["a", "c"] } }));

  assert.equal(picture.rows.has("b"), false);
  assert.equal(picture.ghosts.get("b")?.reason, "ValueError: no");
  assert.deepEqual(childrenOf(picture, "s"), ["a", "b", "c"]);
  assert.equal(drawnRow(picture, "b")?.name, "b");
});

test("a row that goes without a reason was folded away and leaves no ghost", () => {
  const picture = applyDelta(family(), delta(2, { drop: [{ key: "b", reason: "" }] }));

  assert.equal(picture.ghosts.size, 0);
  assert.deepEqual(childrenOf(picture, "s"), ["a", "c"]);
});

test("ghosts that stood first or side by side keep their places", () => {
  const drop = ["a", "b"].map((key) => ({ key, reason: "normal" }));

  const picture = applyDelta(family(), delta(2, { drop, put: [row("d", { parent: "s" })] }));

  assert.deepEqual(childrenOf(picture, "s"), ["a", "b", "c", "d"]);
});

test("a ghost goes after three seconds of the node's clock, with or without a word of the kernel", () => {
  const died = applyDelta(family(), delta(2, { drop: [{ key: "b", reason: "normal" }] }));
  const soon = died.now + GHOST_MS - 1;
  const late = died.now + GHOST_MS;

  assert.equal(tick(died, soon), died);
  assert.deepEqual(childrenOf(tick(died, late), "s"), ["a", "c"]);
  assert.deepEqual(childrenOf(applyDelta(died, delta(3, { now: late })), "s"), ["a", "c"]);
});

test("a key that comes back is a row again, not a ghost", () => {
  const died = applyDelta(family(), delta(2, { drop: [{ key: "b", reason: "normal" }] }));

  const back = applyDelta(died, delta(3, { put: [row("b", { parent: "s" })] }));

  assert.equal(back.ghosts.size, 0);
  assert.equal(childrenOf(back, "s").filter((key) => key === "b").length, 1);
});

test("a storm of deaths leaves a bounded number of ghosts, the newest", () => {
  const keys = Array.from({ length: 100 }, (_, n) => `t${n}`);
  const full = fromSnapshot(EMPTY, snapshot(keys.map((key) => row(key))));

  const picture = applyDelta(
    full,
    delta(2, { drop: keys.map((key) => ({ key, reason: "normal" })) }),
  );

  assert.equal(picture.ghosts.size, GHOSTS_MOST);
  assert.equal(picture.ghosts.has("t99"), true);
  assert.equal(childrenOf(picture, "").length, GHOSTS_MOST);
});

test("a row that moves to another parent leaves the old one", () => {
  const picture = applyDelta(family(), delta(2, { put: [row("b", { parent: "a" })] }));

  assert.deepEqual(childrenOf(picture, "s"), ["a", "c"]);
  assert.deepEqual(childrenOf(picture, "a"), ["b"]);
});

test("only the newest events are kept", () => {
  const events = Array.from({ length: 150 }, (_, n) => event(n));
  const once = applyDelta(family(), delta(2, { events }));

  const twice = applyDelta(once, delta(3, { events: events.map(({ n }) => event(n + 150)) }));

  assert.equal(twice.events.length, EVENTS_KEPT);
  assert.equal(twice.events.at(-1)?.n, 299);
});

test("nothing that was there is changed: the old picture stays as it was", () => {
  const before = family();
  const keys = [...before.rows.keys()];

  applyDelta(before, delta(2, { drop: [{ key: "a", reason: "x" }], put: [row("z")] }));

  assert.deepEqual([...before.rows.keys()], keys);
  assert.deepEqual(childrenOf(before, "s"), ["a", "b", "c"]);
});
