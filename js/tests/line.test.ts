import assert from "node:assert/strict";
import { test } from "node:test";
import { heights, place, timeAt, WIDTH, wish } from "../src/dock/line.ts";
import type { Timeline } from "../src/protocol.ts";

const timeline: Timeline = {
  type: "timeline",
  first: 1,
  last: 9,
  start: 1000,
  end: 3000,
  bars: [],
  marks: [],
  moment: null,
  live: true,
};

test("a time has its place on the line, and a place its time; past either end it stays there", () => {
  assert.equal(place(timeline, 2000), WIDTH / 2);
  assert.equal(timeAt(timeline, 0.5), 2000);
  assert.equal(place(timeline, 9999), WIDTH);
  assert.equal(place(timeline, 0), 0);
  assert.equal(timeAt(timeline, -1), 1000);
  assert.equal(timeAt(timeline, 7), 3000);
});

test("a run of one moment is all at its end", () => {
  assert.equal(place({ ...timeline, end: 1000 }, 1000), WIDTH);
});

test("a storm does not make all else vanish, and nothing is nothing", () => {
  assert.deepEqual(heights([0, 1, 100]), [0, 0.1, 1]);
  assert.deepEqual(heights([]), []);
});

test("keys go event by event, to crashes, to the ends and back to live", () => {
  assert.deepEqual(wish("ArrowLeft", false), ["by", -1]);
  assert.deepEqual(wish("ArrowRight", true), ["by", 10]);
  assert.deepEqual(wish("n", false), ["crash", 1]);
  assert.deepEqual(wish("P", true), ["crash", -1]);
  assert.deepEqual(wish("Home", false), ["event", 0]);
  assert.deepEqual(wish("Escape", false), ["live", 0]);
  assert.equal(wish("x", false), null);
});
