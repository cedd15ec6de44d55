// The official client against a chat that runs: `node client.mjs PORT`. Prints what it asks the test to do
// ("restart"), reads the answer from stdin, and ends with "ok"; what fails ends it with an error.

import assert from "node:assert/strict";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Presence, Socket } from "phoenix";

const port = process.argv[2];
const lines = createInterface({ input: process.stdin });
const storage = { getItem: () => null, setItem: () => {}, removeItem: () => {} };
const sleep = (ms) => new Promise((done) => setTimeout(done, ms));

async function ask(what) {
  console.log(what);
  await once(lines, "line");
}

function connect(options = {}) {
  const socket = new Socket(`ws://127.0.0.1:${port}/socket`, {
    transport: WebSocket,
    sessionStorage: storage,
    ...options,
  });
  socket.connect();
  return socket;
}

/** What a push or a join is answered: [status, response]. */
const answer = (push) =>
  new Promise((done) => {
    for (const status of ["ok", "error", "timeout"]) push.receive(status, (r) => done([status, r]));
  });
const next = (channel, event) =>
  new Promise((done) => {
    const ref = channel.on(event, (payload) => {
      channel.off(event, ref);
      done(payload);
    });
  });
const joined = async (socket, name, topic = "room:lobby") => {
  const channel = socket.channel(topic, { name });
  const [status] = await answer(channel.join());
  assert.equal(status, "ok");
  return channel;
};

async function talks() {
  const [one, two] = [connect(), connect()];
  const [ada, bob] = [await joined(one, "ada"), await joined(two, "bob")];
  assert.deepEqual(await answer(ada.push("echo", { n: [1, "é"] })), ["ok", { n: [1, "é"] }]);
  assert.deepEqual(await answer(ada.push("fail", {})), ["error", { reason: "nope" }]);
  let heard = Promise.all([next(ada, "shout"), next(bob, "shout")]);
  ada.push("shout", { body: "hi" });
  assert.deepEqual(await heard, [{ body: "hi" }, { body: "hi" }]);
  ada.on("whisper", () => assert.fail("whispered to itself"));
  heard = next(bob, "whisper");
  ada.push("whisper", { body: "psst" });
  assert.deepEqual(await heard, { body: "psst" });
  const bytes = new Uint8Array(300_000).map((_, at) => at % 251);
  const [status, back] = await answer(ada.push("blob", bytes.buffer));
  assert.equal(status, "ok");
  assert.deepEqual(new Uint8Array(back), bytes);
  const order = [];
  await Promise.all([...Array(100).keys()].map((n) => answer(ada.push("echo", { n })).then(([, r]) => order.push(r.n))));
  assert.deepEqual(order, [...Array(100).keys()]);
  for (const [topic, params, reason] of [
    ["room:secret", {}, "unauthorized"],
    ["game:1", {}, "unmatched topic"],
  ]) {
    const channel = one.channel(topic, params);
    assert.deepEqual(await answer(channel.join()), ["error", { reason }]);
    channel.leave();
  }
  one.disconnect();
  two.disconnect();
}

async function failsAndRejoins() {
  const socket = connect({ rejoinAfterMs: (tries) => [10, 20, 50][tries - 1] ?? 100 });
  const channel = await joined(socket, "ada");
  const other = await joined(socket, "ada", "room:secret").catch(() => null);
  assert.equal(other, null);
  const refs = new Set();
  for (let n = 0; n < 10; n++) {
    refs.add(channel.joinRef());
    const failed = new Promise((done) => channel.onError(done));
    channel.push("boom", {});
    assert.deepEqual(await failed, { reason: "channel_crash" });
    while (channel.state !== "joined") await sleep(5);
  }
  assert.equal(refs.size, 10);
  assert.deepEqual(await answer(channel.push("echo", { a: 1 })), ["ok", { a: 1 }]);
  const closed = new Promise((done) => channel.onClose(done));
  assert.deepEqual(await answer(channel.push("quit", {})), ["ok", {}]);
  await closed;
  await sleep(60);
  assert.equal(channel.state, "closed");
  socket.disconnect();
}

async function reconnects() {
  const socket = connect();
  const channel = await joined(socket, "ada");
  let errors = 0;
  channel.onError(() => errors++);
  await ask("restart");
  const late = answer(channel.push("echo", { late: 1 }));
  while (channel.state !== "joined") await sleep(5);
  assert.deepEqual(await late, ["ok", { late: 1 }]);
  assert.ok(errors >= 1);
  socket.disconnect();
}

async function beats() {
  const socket = connect({ heartbeatIntervalMs: 200 });
  const channel = await joined(socket, "ada");
  const again = socket.channel("room:lobby", { name: "ada" });
  assert.equal((await answer(again.join()))[0], "ok");
  assert.equal(channel.state, "closed");
  await sleep(900);
  assert.equal(socket.connectionState(), "open");
  assert.deepEqual(await answer(again.push("echo", { a: 1 })), ["ok", { a: 1 }]);
  const left = answer(again.leave());
  assert.equal((await left)[0], "ok");
  socket.disconnect();
}

async function sees() {
  const socket = connect();
  const channel = socket.channel("room:lobby", { name: "ada" });
  const presence = new Presence(channel);
  const log = [];
  presence.onJoin((key, before) => before ?? log.push(`+${key}`));
  presence.onLeave((key, left) => left.metas.length === 0 && log.push(`-${key}`));
  await answer(channel.join());
  const other = connect();
  await joined(other, "__proto__");
  while (!log.includes("+__proto__")) await sleep(5);
  assert.deepEqual(presence.list((key) => key).sort(), ["__proto__", "ada"]);
  other.disconnect();
  while (!log.includes("-__proto__")) await sleep(5);
  assert.deepEqual(log, ["+ada", "+__proto__", "-__proto__"]);
  assert.ok(Number.isInteger(presence.list()[0].metas[0].online_at));
  socket.disconnect();
}

const scenarios = { talks, failsAndRejoins, reconnects, beats, sees };
await scenarios[process.argv[3]]();
console.log("ok");
process.exit(0);
