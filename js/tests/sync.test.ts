import assert from "node:assert/strict";
import { test } from "node:test";
import type { Timers } from "../src/lib/timers.ts";
import type { ToKernel } from "../src/protocol.ts";
import { Store } from "../src/store/store.ts";
import { type Model, RESYNC_MS, Sync } from "../src/sync.ts";
import { delta, row, snapshot, stats } from "./fixtures.ts";

/** Time that passes only when told to. */
class FakeTimers implements Timers {
  time = 0;
  readonly #jobs: { ms: number; due: number; work: () => void; signal: AbortSignal }[] = [];

  now(): number {
    return this.time;
  }

  every(ms: number, work: () => void, signal: AbortSignal): void {
    this.#jobs.push({ ms, due: this.time + ms, work, signal });
  }

  pass(ms: number): void {
    const end = this.time + ms;
    for (; this.time < end; this.time += 10) this.#run();
    this.#run();
  }

  #run(): void {
    for (const job of this.#jobs) {
      if (job.signal.aborted || this.time < job.due) continue;
      job.due += job.ms;
      job.work();
    }
  }
}

class FakeModel implements Model {
  readonly sent: ToKernel[] = [];
  readonly listeners = new Map<string, Set<(content: unknown) => void>>();
  trait: unknown = {};
  isClosed = false;

  get(name: string): unknown {
    return name === "snapshot" ? this.trait : undefined;
  }

  send(content: unknown): void {
    if (this.isClosed) throw new Error("comm is closed");
    this.sent.push(content as ToKernel);
  }

  on(name: string, callback: (content: unknown) => void): void {
    this.listeners.set(name, (this.listeners.get(name) ?? new Set()).add(callback));
  }

  off(name: string, callback: (content: unknown) => void): void {
    this.listeners.get(name)?.delete(callback);
  }

  say(content: unknown, name = "msg:custom"): void {
    for (const callback of this.listeners.get(name) ?? []) callback(content);
  }

  of<T extends ToKernel["type"]>(type: T): ToKernel[] {
    return this.sent.filter((message) => message.type === type);
  }
}

function wired(trait: unknown = {}) {
  const model = new FakeModel();
  model.trait = trait;
  const timers = new FakeTimers();
  const store = new Store();
  const life = new AbortController();
  const sync = new Sync(model, store, timers, "page");
  sync.start(life.signal);
  return { model, timers, store, life, sync };
}

/** Wired, with one view in sight and the kernel's answer to its hello. */
function live() {
  const all = wired();
  const view = new AbortController();
  const attached = all.sync.attach("v", view.signal);
  attached.visible(true);
  all.model.say({ type: "snapshot", snapshot: snapshot([row("a")]) });
  return { ...all, view, attached };
}

const answer = (model: FakeModel) => {
  const ping = model.of("ping").at(-1);
  if (ping?.type === "ping") model.say({ type: "pong", t: ping.t, view: ping.view });
};

test("a view says hello, whether it is seen, and bye", () => {
  const { model, view, attached } = live();

  attached.visible(true);
  attached.visible(false);
  view.abort();
  attached.visible(true);

  const news = model.sent.filter(({ type }) => type !== "ping");
  assert.deepEqual(news, [
    { type: "hello", view: "v" },
    { type: "visible", view: "v", visible: true },
    { type: "visible", view: "v", visible: false },
    { type: "bye", view: "v" },
  ]);
});

test("the next delta is applied and acknowledged", () => {
  const { model, store } = live();

  model.say(delta(2, { put: [row("b")] }));

  assert.equal(store.state.picture.rows.has("b"), true);
  assert.deepEqual(model.of("ack"), [{ type: "ack", seq: 2 }]);
});

test("an old delta changes nothing, yet it is acknowledged: the kernel counts what is in flight", () => {
  const { model, store } = live();

  model.say(delta(1, { put: [row("b")] }));

  assert.equal(store.state.picture.rows.has("b"), false);
  assert.deepEqual(model.of("ack"), [{ type: "ack", seq: 1 }]);
});

test("after a gap a snapshot is asked for once, and deltas count again from it", () => {
  const { model, store } = live();

  model.say(delta(3));
  model.say(delta(4));
  assert.equal(model.of("resync").length, 1);
  assert.equal(model.of("ack").length, 0);

  model.say({ type: "snapshot", snapshot: snapshot([row("c")], { seq: 5 }) });
  model.say(delta(6));
  assert.equal(store.state.picture.seq, 6);
  assert.deepEqual(model.of("ack"), [{ type: "ack", seq: 6 }]);
});

test("a resync that stays without an answer is asked for again", () => {
  const { model, timers } = live();

  model.say(delta(4));
  timers.pass(RESYNC_MS);
  model.say(delta(5));

  assert.equal(model.of("resync").length, 2);
});

test("the trait is shown at once, and ignored when messages have told more", () => {
  const { model, store } = wired(snapshot([row("saved")], { seq: 3 }));
  assert.equal(store.state.picture.rows.has("saved"), true);

  model.say({ type: "snapshot", snapshot: snapshot([row("fresh")], { seq: 9 }) });
  model.trait = snapshot([row("old")], { seq: 8 });
  model.say(undefined, "change:snapshot");

  assert.deepEqual([...store.state.picture.rows.keys()], ["fresh"]);
});

test("a snapshot message counts even with a lower number: the kernel has started again", () => {
  const { model, store } = wired(snapshot([row("saved")], { seq: 30 }));

  model.say({ type: "snapshot", snapshot: snapshot([row("fresh")], { seq: 0 }) });

  assert.equal(store.state.picture.seq, 0);
});

test("a visible view pings once a second, a hidden one never", () => {
  const { model, timers, attached } = live();

  timers.pass(2900);
  assert.equal(model.of("ping").length, 3);

  attached.visible(false);
  timers.pass(5000);
  assert.equal(model.of("ping").length, 3);
});

test("no pong for more than 1.2 s means blocked, and a pong ends it", () => {
  const { model, timers, store } = live();
  answer(model);

  timers.pass(1200);
  assert.equal(store.state.ui.link.state, "live");
  timers.pass(200);
  assert.equal(store.state.ui.link.state, "blocked");
  assert.equal(store.state.ui.link.since, 0);

  answer(model);
  assert.equal(store.state.ui.link.state, "live");
});

test("a kernel that answers each ping is never called blocked", () => {
  const { model, timers, store } = live();
  let worst = "live";

  for (let n = 0; n < 100; n += 1) {
    answer(model);
    timers.pass(100);
    if (store.state.ui.link.state !== "live") worst = store.state.ui.link.state;
  }

  assert.equal(worst, "live");
});

test("a page that was busy itself does not blame the kernel", () => {
  const { model, timers, store, life } = live();
  const states = new Set<string>();
  store.subscribe(() => states.add(store.state.ui.link.state), life.signal);
  answer(model);

  timers.time += 8000;
  timers.pass(100);
  answer(model);
  timers.pass(100);

  assert.equal(states.has("blocked"), false);
});

test("a delta is as good as a pong: only a turning loop sends one", () => {
  const { model, timers, store } = live();

  timers.pass(1100);
  model.say(delta(2));
  timers.pass(1000);

  assert.equal(store.state.ui.link.state, "live");
});

test("a closed comm is a stopped runtime", () => {
  const one = live();
  one.model.say(undefined, "comm:close");
  assert.equal(one.store.state.ui.link.state, "stopped");

  const other = live();
  other.model.isClosed = true;
  other.sync.open("a", true);
  assert.equal(other.store.state.ui.link.state, "stopped");
});

test("a pong of an unloaded runtime does not bring it back", () => {
  const { model, store } = live();
  model.say(delta(2, { stats: { ...stats, alive: false } }));

  answer(model);

  assert.equal(store.state.ui.link.state, "stopped");
});

test("commands carry an id of their own, and arguments only when there are any", () => {
  const { model, sync, store } = live();

  sync.command("kill", "<nb.1>", "a", { reason: '("shutdown", 1)' });
  sync.command("suspend", "<nb.1>", "a");

  assert.deepEqual(model.of("command"), [
    {
      type: "command",
      id: "page.1",
      name: "kill",
      pid: "<nb.1>",
      args: { reason: '("shutdown", 1)' },
    },
    { type: "command", id: "page.2", name: "suspend", pid: "<nb.1>" },
  ]);
  assert.equal(store.state.ui.pending.length, 2);
});

test("what is selected or searched already is not asked for again", () => {
  const { model, sync } = live();

  sync.select("a");
  sync.select("a");
  sync.search("x");
  sync.search("x");

  assert.equal(model.of("select").length, 1);
  assert.equal(model.of("search").length, 1);
});

test("a message that does not fit the wire is said to be of another version", (context) => {
  const { model, store } = live();
  const complaint = context.mock.method(console, "error", () => {});

  model.say({ ...delta(2), stats: null });

  assert.equal(store.state.ui.link.state, "foreign");
  assert.equal(complaint.mock.callCount(), 1);
});

test("after the end nothing is heard and nothing ticks", () => {
  const { model, timers, life, store } = live();

  life.abort();
  model.say(delta(2));
  const pings = model.of("ping").length;
  timers.pass(5000);

  assert.equal(store.state.picture.seq, 1);
  assert.equal(model.of("ping").length, pings);
});
