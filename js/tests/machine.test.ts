import assert from "node:assert/strict";
import { test } from "node:test";
import { type Arrow, type Machine, readMessage } from "../src/protocol.ts";
import {
  headPath,
  keyOf,
  labelLines,
  lastText,
  linePath,
  linesAround,
  presentShare,
  sentenceOf,
  startPath,
  takenSince,
} from "../src/render/machine.ts";
import { delta, details } from "./fixtures.ts";

function arrow(source: string, target: string, fields: Partial<Arrow> = {}): Arrow {
  const curve = [0, 0, 50, 0, 100, 0];
  return { source, target, causes: ["press"], times: 0, curve, x: 50, y: -10, ...fields };
}

function machine(fields: Partial<Machine> = {}): Machine {
  return {
    current: "open",
    initial: "locked",
    last: { source: "locked", target: "open", cause: "press" },
    frame: [-20, -20, 200, 40],
    places: [
      { name: "locked", x: -20, y: 0, w: 70 },
      { name: "open", x: 120, y: 0, w: 60 },
    ],
    arrows: [
      arrow("locked", "open", { times: 1 }),
      arrow("open", "locked", { causes: ["state_timeout"] }),
    ],
    text: "Door\n  ○ locked\n    └─ press ×1 → open  ◀ last\n  ● open",
    ...fields,
  };
}

test("details with a machine are read as they are, and one with a crooked arrow is refused", () => {
  const whole = delta(2, { details: details("door", { kind: "statem", machine: machine() }) });
  const crooked = arrow("open", "locked", { curve: [0, Number.NaN] });
  const broken = details("door", { machine: machine({ arrows: [crooked] }) });

  assert.equal(readMessage(whole), whole);
  assert.throws(() => readMessage(delta(2, { details: broken })), /expected a delta/);
});

test("an arrow's line stops within its head, whose tip is where the kernel said", () => {
  const flat = arrow("locked", "open");

  assert.equal(linePath(flat), "M0,0 Q50,0 93,0");
  assert.equal(headPath(flat), "M100,0 L91,-4 L91,4 Z");
  assert.equal(
    headPath(arrow("a", "b", { curve: [0, 0, 0, 50, 0, 100] })),
    "M0,100 L4,91 L-4,91 Z",
  );
});

test("the way in ends at the first state's rim", () => {
  assert.match(startPath({ name: "locked", x: 0, y: 0, w: 70 }), /^M-56,0 H-45 M-38,0 /);
});

test("a label has a cause a line round its middle, and the count in the last one", () => {
  const two = arrow("a", "b", { causes: ["code", "state_timeout"], times: 1204, y: 0 });

  assert.deepEqual(labelLines(two), [
    { cause: "code", times: "", y: -2.5 },
    { cause: "state_timeout", times: "×1,204", y: 10.5 },
  ]);
  assert.deepEqual(labelLines(arrow("a", "b", { causes: [], times: 2, y: 0 })), [
    { cause: "", times: "×2", y: 4 },
  ]);
});

test("ways that were taken since are news, also new ones, and those of a fresh machine are not", () => {
  const before = [arrow("a", "b", { times: 2 }), arrow("b", "a", { times: 2 })];
  const now = [
    arrow("a", "b", { times: 3 }),
    arrow("b", "a", { times: 2 }),
    arrow("b", "c", { times: 1 }),
  ];
  const fresh = before.map((known) => ({ ...known, times: 0 }));

  assert.deepEqual([...takenSince(before, now)], now.filter((_, n) => n !== 1).map(keyOf));
  assert.equal(takenSince(now, fresh).size, 0);
});

test("names that hold an arrow do not make two transitions one", () => {
  assert.notEqual(keyOf({ source: "a → b", target: "c" }), keyOf({ source: "a", target: "b → c" }));
});

test("the picture is told in a sentence", () => {
  assert.equal(
    sentenceOf(machine()),
    "2 states: locked, open; now open; last from locked to open on press",
  );
  assert.equal(sentenceOf(machine({ current: "", last: null })), "2 states: locked, open");
  assert.equal(lastText(machine()), "locked → open");
  assert.equal(lastText(machine({ last: null })), "");
});

test("a large picture is scrolled to where the present state is", () => {
  assert.deepEqual(presentShare(machine()), [0.7, 0.5]);
  assert.deepEqual(presentShare(machine({ current: "" })), [0, 0]);
});

test("the text is split round the present state's line", () => {
  const { text } = machine();

  assert.deepEqual(linesAround(text), [
    "Door\n  ○ locked\n    └─ press ×1 → open  ◀ last\n",
    "  ● open",
    "",
  ]);
  assert.deepEqual(linesAround("X\n  ● a\n    └─ go → b\n  ○ b"), [
    "X\n",
    "  ● a",
    "\n    └─ go → b\n  ○ b",
  ]);
  assert.deepEqual(linesAround("X\n  ○ a"), ["X\n  ○ a", "", ""]);
});
