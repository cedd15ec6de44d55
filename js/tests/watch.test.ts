// Messages, the sequence diagram and the table of top: shapes, windows, chains, words.

import assert from "node:assert/strict";
import { test } from "node:test";
import { bytesText, cellFor, shareText } from "../src/centre/top.ts";
import { tookText } from "../src/inspector/messages.ts";
import { positive } from "../src/panels/trace.ts";
import { type Flight, readMessage, type Top } from "../src/protocol.ts";
import { flightPath, labelPlace, stopPath, tipPath, windowAfter } from "../src/render/sequence.ts";
import { chainOf, NO_WATCH, PAST_KEPT, reduceWatch } from "../src/store/watch.ts";

function flight(fields: Partial<Flight> = {}): Flight {
  return {
    x1: 100,
    y1: 50,
    x2: 300,
    y2: 60,
    what: "call",
    label: "add(5)",
    title: "#1 call",
    end: "arrived",
    number: 1,
    cause: 0,
    loop: false,
    ...fields,
  };
}

function top(rates: Readonly<Record<string, number>>): Top {
  const rest = { cls: "Till", status: "waiting", mailbox: 0, time: 0, late: 0, restarts: 0 };
  const ranks = Object.entries(rates).map(([name, rate]) => ({
    pid: `<nb.${name}>`,
    name,
    rate,
    memory: 10,
    ...rest,
  }));
  return { type: "top", sort: "time", filter: "", seconds: 1, total: ranks.length, ranks };
}

test("a message is a line from edge to edge, whichever way it goes", () => {
  assert.equal(flightPath(flight()), "M103,50L297,60");
  assert.equal(flightPath(flight({ x1: 300, x2: 100 })), "M297,50L103,60");
  assert.match(flightPath(flight({ x2: 100, loop: true })), /^M103,50h22q/);
});

test("what is obeyed has a filled tip, what is lost a cross", () => {
  assert.equal(tipPath(flight()).filled, true);
  assert.equal(tipPath(flight({ what: "reply" })).filled, false);
  assert.match(tipPath(flight({ end: "lost" })).path, /l8,8m0,-8l-8,8$/);
  assert.match(tipPath(flight({ loop: true })).path, /^M112,56/);
});

test("a label stands above the middle, of a steep line near its start", () => {
  assert.deepEqual(labelPlace(flight()), [200, 49]);
  const [x, y] = labelPlace(flight({ y2: 150 }));
  assert.ok(x < 150 && y < 50);
});

test("each mark has a shape of its own", () => {
  const mark = { x: 10, y: 20, label: "", title: "" } as const;
  const kinds = ["started", "exited", "crashed", "restarted"] as const;
  assert.equal(new Set(kinds.map((kind) => stopPath({ ...mark, kind }))).size, 4);
});

test("the window goes back and forth, and is live again at the end", () => {
  assert.equal(windowAfter("earlier", 840, 1000, 160), 720);
  assert.equal(windowAfter("earlier", 60, 1000, 160), 0);
  assert.equal(windowAfter("later", 0, 1000, 160), 120);
  assert.equal(windowAfter("later", 720, 1000, 160), -1);
  assert.equal(windowAfter("live", 0, 1000, 160), -1);
});

test("a chain is a message and all that led to it", () => {
  const parts = [
    { number: 1, cause: 0 },
    { number: 2, cause: 1 },
    { number: 3, cause: 2 },
    { number: 4, cause: 0 },
    { number: 6, cause: 5 },
  ];
  assert.deepEqual([...chainOf(parts, 3)], [3, 2, 1]);
  assert.deepEqual([...chainOf(parts, 6)], [6]);
  assert.deepEqual([...chainOf(parts, 0)], []);
  assert.deepEqual([...chainOf([{ number: 1, cause: 1 }], 1)], [1]);
});

test("the table remembers the recent past of those who are in it", () => {
  let watch = reduceWatch(NO_WATCH, { type: "watched", watched: top({ a: 1, b: 2 }) });
  for (let n = 0; n < 50; n += 1) {
    watch = reduceWatch(watch, { type: "watched", watched: top({ a: n }) });
  }
  assert.deepEqual([...watch.past.keys()], ["<nb.a>"]);
  assert.equal(watch.past.get("<nb.a>")?.length, PAST_KEPT);
  assert.equal(watch.past.get("<nb.a>")?.at(-1), 49);
});

test("keys walk through the grid and stay in it", () => {
  assert.deepEqual(cellFor("ArrowDown", [0, 2], 5, 9), [1, 2]);
  assert.deepEqual(cellFor("ArrowUp", [0, 2], 5, 9), [0, 2]);
  assert.deepEqual(cellFor("PageDown", [1, 2], 5, 9), [4, 2]);
  assert.deepEqual(cellFor("End", [1, 2], 5, 9), [1, 8]);
  assert.equal(cellFor("x", [1, 2], 5, 9), null);
});

test("numbers are words that fit their size", () => {
  assert.equal(tookText({ state: "taken", took: 0.0124 }), "12 µs");
  assert.equal(tookText({ state: "taken", took: 3.14 }), "3.1 ms");
  assert.equal(tookText({ state: "taken", took: 1234 }), "1.23 s");
  assert.equal(tookText({ state: "lost", took: 0 }), "lost");
  assert.deepEqual(
    [shareText(null), shareText(0), shareText(0.0001), shareText(0.217)],
    ["–", "", "< 0.1 %", "21.7 %"],
  );
  assert.deepEqual(
    [bytesText(null), bytesText(12), bytesText(3900), bytesText(2.5e6)],
    ["–", "12 B", "3.9 kB", "2.5 MB"],
  );
  assert.deepEqual([positive("7", 500), positive("0", 500), positive("x", 500)], [7, 500, 500]);
});

test("a table of another shape is a fault that is named", () => {
  assert.equal(readMessage(top({ a: 1 }))?.type, "top");
  assert.throws(() => readMessage({ ...top({}), ranks: [{}] }), /expected a top message/);
});
