import assert from "node:assert/strict";
import { test } from "node:test";
import { readMessage, readSnapshot } from "../src/protocol.ts";
import { delta, row, snapshot } from "./fixtures.ts";

test("every message of the kernel is read as it is", () => {
  const messages = [
    delta(2, { put: [row("a", { intensity: [3, 5, [10, 20]] })], order: { "": ["a"] } }),
    { type: "snapshot", snapshot: snapshot([row("a")]) },
    { type: "pong", t: 12.5, view: "v" },
    { type: "result", id: "c.1", ok: true, text: "done" },
    { type: "found", text: "a", total: 1, keys: ["a"] },
  ];

  for (const message of messages) assert.equal(readMessage(message), message);
});

test("a message of an unknown type is passed over, for a newer kernel may say more", () => {
  assert.equal(readMessage({ type: "weather", frames: [] }), null);
  assert.equal(readMessage("delta"), null);
  assert.equal(readMessage(null), null);
});

test("a known message with a wrong field is refused loudly", () => {
  const wrong = { ...delta(2), put: [{ ...row("a"), mailbox: "many" }] };

  assert.throws(() => readMessage(wrong), /expected a delta message of the wire, version 1/);
});

test("a field that a newer kernel adds does no harm", () => {
  const message = { ...delta(2, { put: [{ ...row("a"), colour: "red" } as never] }), extra: 1 };

  assert.equal(readMessage(message), message);
});

test("a result may answer a message without an id", () => {
  const message = { type: "result", id: null, ok: false, text: "expected a name" };

  assert.equal(readMessage(message), message);
});

test("a snapshot of another version is no snapshot", () => {
  assert.notEqual(readSnapshot(snapshot()), null);
  assert.equal(readSnapshot({ ...snapshot(), version: 2 }), null);
  assert.equal(readSnapshot({}), null);
});
