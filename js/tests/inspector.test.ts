import assert from "node:assert/strict";
import { test } from "node:test";
import { deedFor, named } from "../src/inspector/mailbox.ts";
import { tokens } from "../src/lib/python.ts";
import { tabFor } from "../src/panels/tabs.ts";
import type { Value, Waiting } from "../src/protocol.ts";
import { readingOrder } from "../src/store/search.ts";
import { NO_UI, reduceUi } from "../src/store/ui.ts";
import { valueLines } from "../src/store/values.ts";

const value = (name: string, text: string, parts: readonly Value[] = []): Value => ({
  name,
  text,
  kind: "object",
  parts,
  more: 0,
});
const basket = value("basket", "{'tea': [1, 2]}", [
  value("'tea'", "[1, 2]", [value("0", "1"), value("1", "2")]),
  value("'milk'", "'oat'"),
]);
const letter = (index: number, mark: string) => ({ index, mark }) as Waiting;

test("values are folded until they are opened, and keep their place by their path", () => {
  const closed = valueLines([basket, value("n", "7")], new Set(), "");
  const path = closed[0]?.path ?? "";
  const open = valueLines([basket, value("n", "7")], new Set([path]), "");

  assert.deepEqual(
    closed.map((line) => [line.value.name, line.branch, line.open]),
    [
      ["basket", true, false],
      ["n", false, false],
    ],
  );
  assert.deepEqual(
    open.map((line) => [line.value.name, line.depth]),
    [
      ["basket", 0],
      ["'tea'", 1],
      ["'milk'", 1],
      ["n", 0],
    ],
  );
});

test("a search shows what says the word, and what leads to it, whatever is folded", () => {
  const found = valueLines([basket, value("n", "7")], new Set(), "OAT");

  assert.deepEqual(
    found.map((line) => [line.value.name, line.hit]),
    [
      ["basket", false],
      ["'milk'", true],
    ],
  );
  assert.deepEqual(valueLines([basket], new Set(), "nothing"), []);
});

test("Python's words get their kinds, and nothing of the text is lost", () => {
  const source = '@ab.cast\ndef add(self, k=5):  # one\n    return f"{k}" + """two\nlines"""\n';
  const found = tokens(source);

  assert.equal(found.map(({ text }) => text).join(""), source);
  const kinds = (kind: string) => found.filter((one) => one.kind === kind).map(({ text }) => text);
  assert.deepEqual(kinds("decorator"), ["@ab.cast"]);
  assert.deepEqual(kinds("name"), ["add"]);
  assert.deepEqual(kinds("keyword"), ["def", "self", "return"]);
  assert.deepEqual(kinds("comment"), ["# one"]);
  assert.deepEqual(kinds("string"), ['f"{k}"', '"""two\nlines"""']);
  assert.deepEqual(kinds("number"), ["5"]);
});

test("arrows walk round the tabs, Home and End go to their ends", () => {
  assert.equal(tabFor("ArrowRight", 5, 6), 0);
  assert.equal(tabFor("ArrowLeft", 0, 6), 5);
  assert.equal(tabFor("Home", 3, 6), 0);
  assert.equal(tabFor("End", 3, 6), 5);
  assert.equal(tabFor("x", 3, 6), null);
});

test("keys drop, double and move the message that has the focus", () => {
  const one = letter(3, "m");

  assert.deepEqual(deedFor("Delete", false, one), { name: "drop", args: { at: "3", mark: "m" } });
  assert.deepEqual(deedFor("ArrowUp", true, one), {
    name: "move",
    args: { at: "3", mark: "m", to: "2" },
  });
  assert.equal(deedFor("d", false, one)?.name, "duplicate");
  assert.equal(deedFor("ArrowUp", false, one), null);
});

test("a message keeps its name while it moves up, and twins are told apart", () => {
  const before = named([letter(0, "a"), letter(1, "b"), letter(2, "b")]);
  const after = named([letter(0, "b"), letter(1, "b")]);

  assert.deepEqual(
    before.map(({ id }) => id),
    ["a.0", "b.0", "b.1"],
  );
  assert.deepEqual(
    after.map(({ id }) => id),
    ["b.0", "b.1"],
  );
});

test("what is shown is kept by area, and showing it again changes nothing", () => {
  const code = reduceUi(NO_UI, { type: "show", area: "tab", id: "code" });

  assert.deepEqual(code.panes, { centre: "tree", tab: "code", dock: "timeline" });
  assert.equal(reduceUi(code, { type: "show", area: "tab", id: "code" }), code);
});

test("the hits of a search are walked in reading order", () => {
  const children = new Map([
    ["", ["a", "d"]],
    ["a", ["b", "c"]],
  ]);

  assert.deepEqual(readingOrder(children), ["a", "b", "c", "d"]);
});
