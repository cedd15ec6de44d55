import assert from "node:assert/strict";
import { test } from "node:test";
import {
  freshExits,
  intensityAt,
  intensityText,
  isNormal,
  isRestarting,
  mailboxFill,
  mailboxLevel,
} from "../src/store/derive.ts";
import { rowFor } from "../src/store/lookup.ts";
import { SAMPLE_MS, SAMPLES_KEPT, sampled } from "../src/store/rates.ts";
import { hits } from "../src/store/search.ts";
import { INITIAL, nodeClock, reduce, type State, Store } from "../src/store/store.ts";
import { delta, details, row, snapshot, stats } from "./fixtures.ts";

const shown = (rows = [row("a"), row("b")]): State =>
  reduce(INITIAL, { type: "snapshot", snapshot: snapshot(rows), at: 0 });

test("the node's clock goes on between two messages", () => {
  const state = reduce(INITIAL, {
    type: "snapshot",
    snapshot: snapshot([], { now: 5000 }),
    at: 100,
  });

  assert.equal(nodeClock(state, 350), 5250);
});

test("a restart leaves the window by itself as the clock goes on", () => {
  const supervisor = row("s", { intensity: [3, 5, [1000, 4000]] });

  const used = (now: number) => intensityAt(supervisor, now)?.used;

  assert.deepEqual([4100, 6001, 9001].map(used), [2, 1, 0]);
  assert.equal(intensityText({ used: 2, max: 3, seconds: 5 }), "2 of 3 in 5 s");
});

test("a dead generation is seen for four seconds", () => {
  const slot = row("a", { exits: [{ pid: "<nb.1>", reason: "x", at: 1000 }] });

  assert.equal(freshExits(slot, 4999).length, 1);
  assert.equal(freshExits(slot, 5000).length, 0);
});

test("an edge glows while its child restarts and for a moment after", () => {
  const exits = [{ pid: "<nb.1>", reason: "x", at: 1000 }];

  assert.equal(isRestarting(row("a", { status: "restarting" }), 99_999), true);
  assert.equal(isRestarting(row("a", { restarts: 1, exits }), 1200), true);
  assert.equal(isRestarting(row("a", { restarts: 1, exits }), 9000), false);
});

test("normal and shutdown are no crashes, in any spelling of Python", () => {
  for (const reason of ["normal", "'shutdown'", "('shutdown', 1)"])
    assert.equal(isNormal(reason), true);
  for (const reason of ["killed", "ValueError: not normal", "noproc"])
    assert.equal(isNormal(reason), false);
});

test("a mailbox is amber above 100 and red above 1000", () => {
  const fills = [100, 101, 1000, 1001].map((mailbox) => mailboxFill(row("a", { mailbox })));

  assert.deepEqual(fills, ["low", "high", "high", "over"]);
  assert.equal(mailboxLevel(row("a", { mailbox: 1001 })), null);
});

test("a mailbox with a limit is amber near it and red at it, whatever the numbers are", () => {
  const rows = [
    row("a", { mailbox: 4, limit: 5 }),
    row("a", { mailbox: 9, limit: 10 }),
    row("a", { mailbox: 5, limit: 5, full: true }),
    row("a", { mailbox: 5000, limit: 10_000 }),
  ];

  assert.deepEqual(rows.map(mailboxFill), ["low", "high", "over", "low"]);
  assert.deepEqual(rows.map(mailboxLevel), [0.8, 0.9, 1, 0.5]);
  assert.equal(mailboxLevel(row("a", { mailbox: 7, limit: 5, full: true })), 1);
});

test("rates are sampled on the node's clock, whatever number of deltas comes", () => {
  const rows = new Map([["a", row("a", { rate: 5 })]]);
  const first = sampled({ at: 0, byKey: new Map() }, rows, 1000);

  assert.equal(sampled(first, rows, 1000 + SAMPLE_MS - 1), first);
  assert.deepEqual(sampled(first, rows, 1000 + SAMPLE_MS).byKey.get("a"), [0, 5, 5]);
});

test("a sparkline ends when all of it is zero, and is bounded", () => {
  let rates = sampled({ at: 0, byKey: new Map() }, new Map([["a", row("a", { rate: 5 })]]), 1000);
  const idle = new Map([["a", row("a")]]);

  for (let n = 1; n < SAMPLES_KEPT; n += 1) rates = sampled(rates, idle, 1000 + n * SAMPLE_MS);
  assert.equal(rates.byKey.get("a")?.length, SAMPLES_KEPT);
  rates = sampled(rates, idle, 1000 + 99 * SAMPLE_MS);
  assert.equal(rates.byKey.has("a"), false);
});

test("details are kept while their row is selected and forgotten with the selection", () => {
  const selected = reduce(shown(), { type: "select", key: "a" });
  const told = reduce(selected, {
    type: "delta",
    delta: delta(2, { details: details("a") }),
    at: 1,
  });
  const silent = reduce(told, { type: "delta", delta: delta(3), at: 2 });
  const other = reduce(silent, { type: "select", key: "b" });

  assert.equal(silent.picture.details?.messages, 3);
  assert.equal(other.picture.details, null);
});

test("details of a row that is no longer selected are not shown", () => {
  const selected = reduce(shown(), { type: "select", key: "b" });

  const late = reduce(selected, {
    type: "delta",
    delta: delta(2, { details: details("a") }),
    at: 1,
  });

  assert.equal(late.picture.details, null);
});

test("a runtime that says it has stopped is not called blocked later", () => {
  const dead = delta(2, { stats: { ...stats, alive: false } });
  const stopped = reduce(shown(), { type: "delta", delta: dead, at: 1 });

  const later = reduce(stopped, { type: "link", state: "blocked", at: 2 });
  const again = reduce(later, { type: "snapshot", snapshot: snapshot(), at: 3 });

  assert.equal(later.ui.link.state, "stopped");
  assert.equal(again.ui.link.state, "live");
});

test("a saved picture is shown, yet it is no sign of a living kernel", () => {
  const state = reduce(INITIAL, { type: "restore", snapshot: snapshot([row("a")]), at: 5 });

  assert.equal(state.picture.rows.size, 1);
  assert.deepEqual([state.ui.link.state, state.ui.link.heard], ["connecting", false]);
});

test("a search is answered here until the kernel answers, and then by the kernel", () => {
  const asked = reduce(shown([row("cart"), row("mail", { cls: "CartMail" }), row("x")]), {
    type: "search",
    text: "cart",
  });
  const found = { type: "found", text: "cart", total: 7, keys: ["x"] } as const;
  const answered = reduce(asked, { type: "found", found });

  assert.deepEqual([...(hits(asked) ?? [])], ["cart", "mail"]);
  assert.deepEqual([...(hits(answered) ?? [])], ["x"]);
  assert.equal(hits(shown()), null);
});

test("an answer to a text that was edited since is dropped", () => {
  const asked = reduce(shown(), { type: "search", text: "ab" });

  const stale = { type: "found", text: "a", total: 9, keys: [] } as const;

  assert.equal(reduce(asked, { type: "found", found: stale }), asked);
});

test("a result ends the waiting for its command", () => {
  const command = { id: "v.1", name: "kill", pid: "<nb.1>", label: "a", sentAt: 0 } as const;
  const sent = reduce(shown(), { type: "sent", command });
  const result = { type: "result", id: "v.1", ok: false, text: "no such process" } as const;

  const done = reduce(sent, { type: "result", result, at: 9 });

  assert.equal(sent.ui.pending.length, 1);
  assert.equal(done.ui.pending.length, 0);
  assert.deepEqual(done.ui.outcomes, [{ id: "v.1", ok: false, text: "no such process", at: 9 }]);
});

test("a pid leads to the row where it lives, else where it lived, else to its namesake", () => {
  const old = row("old", { exits: [{ pid: "<nb.5>", reason: "x", at: 0 }] });
  const rows = new Map([old, row("new", { pid: "<nb.6>" })].map((item) => [item.key, item]));

  assert.equal(rowFor({ rows }, "<nb.6>")?.key, "new");
  assert.equal(rowFor({ rows }, "<nb.5>")?.key, "old");
  assert.equal(rowFor({ rows }, "<nb.99>", "new")?.key, "new");
  assert.equal(rowFor({ rows }, "<nb.99>"), undefined);
});

test("listeners hear of changes only, and not after their signal", () => {
  const store = new Store();
  const life = new AbortController();
  let heard = 0;
  store.subscribe(() => {
    heard += 1;
  }, life.signal);

  store.dispatch({ type: "select", key: "a" });
  store.dispatch({ type: "select", key: "a" });
  life.abort();
  store.dispatch({ type: "select", key: "b" });

  assert.equal(heard, 1);
});
