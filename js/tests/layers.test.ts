import assert from "node:assert/strict";
import { test } from "node:test";
import { arcsOf, gutterFor, linkLabel, linkState } from "../src/layout/network.ts";
import { sceneOf } from "../src/layout/scene.ts";
import { tieLines } from "../src/layout/ties.ts";
import { AIR, drawnEdges, drawnSpots, grown, WHOLE, within } from "../src/layout/window.ts";
import type { Way } from "../src/protocol.ts";
import { mailboxText } from "../src/render/card.ts";
import { dotsOf, signOf } from "../src/render/network.ts";
import { details, row } from "./fixtures.ts";

const way = (source: string, goal: string, fields: Partial<Way> = {}): Way => ({
  source,
  goal,
  status: "open",
  flying: 0,
  rate: 0,
  ...fields,
});
const both = (a: string, b: string, there: Partial<Way> = {}, back: Partial<Way> = {}) => [
  way(a, b, there),
  way(b, a, back),
];
const nodes = (...names: string[]) =>
  new Map(names.map((name) => [`@${name}`, row(`@${name}`, { kind: "node", name })]));
const family = (size: number) => ({
  children: new Map([
    ["", ["top"]],
    ["top", Array.from({ length: size }, (_, n) => `c${n}`)],
  ]),
});

test("of a small tree all is drawn, of a large one what the pane touches and what must be there", () => {
  const small = sceneOf(family(WHOLE - 1).children);
  const large = sceneOf(family(5000).children);
  const pane = { left: 0, top: 10_000, right: 900, bottom: 10_500 };

  assert.equal(drawnSpots(small, pane, new Set()).length, WHOLE);
  const drawn = drawnSpots(large, pane, new Set(["c4999"]));
  assert.ok(drawn.length < 12);
  assert.ok(drawn.every((spot) => spot.key === "c4999" || Math.abs(spot.y - 10_250) < 400));
  assert.equal(drawn.at(-1)?.key, "c4999");
});

test("the trunk of a large family is drawn where it passes by, with the edges of the rows in sight", () => {
  const scene = sceneOf(family(5000).children);
  const pane = { left: 0, top: 10_000, right: 900, bottom: 10_500 };
  const keys = drawnEdges(scene, pane).map(({ key }) => key);

  assert.ok(keys.includes("c4999"));
  assert.ok(!keys.includes("c0"));
  assert.ok(keys.length < 12);
});

test("a pane that grew by its air holds the window that it grew from", () => {
  const window = { left: 5, top: 5, right: 10, bottom: 10 };

  assert.equal(within(window, grown(window, AIR)), true);
  assert.equal(within(grown(window, 1), window), false);
});

test("without a cluster there is no gutter, and with more nodes a wider one", () => {
  const rows = nodes("a", "b", "c");

  assert.equal(gutterFor(["@a"], rows), 0);
  assert.ok(gutterFor(["@a", "@b"], rows) > 0);
  assert.ok(gutterFor(["@a", "@b", "@c"], rows) > gutterFor(["@a", "@b"], rows));
});

test("two ways make one arc, that of far nodes reaches further out, and what is not drawn has none", () => {
  const scene = sceneOf(new Map([["", ["@a", "@b", "@c"]]]), 100);
  const arcs = arcsOf([...both("a", "b"), ...both("c", "a"), ...both("a", "gone")], scene);

  assert.deepEqual(
    arcs.map(({ a, b }) => [a, b]),
    [
      ["a", "b"],
      ["a", "c"],
    ],
  );
  const [near, far] = arcs;
  assert.ok((far?.x ?? 0) < (near?.x ?? 0));
  assert.equal(far?.there?.goal, "c");
  assert.ok((far?.x ?? 0) > 0);
});

test("a link is cut, half cut, held or open by its two ways, and says so", () => {
  const scene = sceneOf(new Map([["", ["@a", "@b"]]]), 100);
  const arc = (there: Partial<Way>, back: Partial<Way> = {}) => {
    const [found] = arcsOf(both("a", "b", there, back), scene);
    assert.ok(found !== undefined);
    return found;
  };
  const cut = { status: "cut" } as const;

  assert.equal(linkState(arc(cut, cut)), "cut");
  assert.equal(linkLabel(arc({}, cut)), "a – b: cut from b to a");
  assert.equal(signOf(arc(cut)), "✕↓");
  assert.equal(linkLabel(arc({ status: "held", flying: 3 })), "a – b: held back, 3 in flight");
  assert.equal(signOf(arc({ status: "held", flying: 3 })), "‖ 3");
  assert.equal(linkState(arc({ status: "closed" })), "closed");
  assert.equal(signOf(arc({ flying: 2 }, { flying: 3 })), "5");
});

test("dots travel on open ways only, more for more, and never many", () => {
  const counts = [0, 1, 10, 1e6].map((flying) => dotsOf(way("a", "b", { flying })));

  assert.deepEqual(counts, [0, 1, 2, 4]);
  assert.equal(dotsOf(way("a", "b", { flying: 9, status: "cut" })), 0);
});

test("links are drawn to rows that are there, but not those that the tree says itself", () => {
  const rows = new Map(["top", "c0", "c1", "c2"].map((key) => [key, row(key)]));
  const scene = sceneOf(family(3).children);
  const tie = (key: string) => ({ pid: `<nb.${key}>`, name: key });
  const ties = {
    names: [],
    groups: [],
    links: [tie("top"), tie("c2"), tie("far")],
    monitors: [tie("c1")],
    monitored_by: [],
  };

  const lines = tieLines(scene, rows, details("c0", { ties }));
  assert.deepEqual(
    lines.map(({ id }) => id),
    ["link c2", "monitor c1"],
  );
  assert.deepEqual(tieLines(scene, rows, null), []);
});

test("a mailbox tells how long its oldest message has waited once that is long", () => {
  assert.equal(mailboxText(row("a", { mailbox: 3, since: 1000 }), 1500), "3");
  assert.equal(mailboxText(row("a", { mailbox: 1204, since: 1000 }), 13_500), "1,204 · 12 s");
  assert.equal(mailboxText(row("a", { mailbox: 5, full: true }), 99_999), "5 full");
});
