// The kernel's side of docs/reference/wire.md, in a page: for looking at the widget without Python.
//
// It keeps a world of processes, and sends what differs between the visible rows of two frames, as the real one does.
// `kernel.block(seconds)` holds everything back, as a cell that never awaits would.

import { World } from "./world.mjs";

const FRAME_MS = 50;
const IN_FLIGHT = 2;
const WINDOW = 50;

/**
 * @typedef {import("./world.mjs").Row} Row
 * @typedef {{type: string, [field: string]: any}} Message
 */

export class FakeKernel {
  /** @param {(world: World) => void} scenario */
  constructor(scenario) {
    this.world = new World();
    /** @type {Map<string, Set<(content: any) => void>>} */
    this.listeners = new Map();
    /** @type {Map<string, boolean>} */
    this.views = new Map();
    /** @type {Map<string, number>} */
    this.windows = new Map();
    /** @type {Map<string, Row>} */
    this.sent = new Map();
    /** @type {Message[]} */
    this.held = [];
    this.seq = 0;
    this.acked = 0;
    this.told = 0;
    this.selected = "";
    this.tab = "state";
    this.blockedUntil = 0;
    this.messages = 0;
    scenario(this.world);
    this.sent = this.visible();
    this.told = this.world.events.at(-1)?.n ?? 0;
  }

  /** @param {Record<string, unknown>} traits */
  model(traits) {
    const snapshot = this.snapshot();
    return {
      get: (/** @type {string} */ name) => (name === "snapshot" ? snapshot : traits[name]),
      on: (/** @type {string} */ name, /** @type {(content: any) => void} */ callback) => {
        this.listeners.set(name, (this.listeners.get(name) ?? new Set()).add(callback));
      },
      off: (/** @type {string} */ name, /** @type {(content: any) => void} */ callback) => {
        this.listeners.get(name)?.delete(callback);
      },
      send: (/** @type {Message} */ content) => void setTimeout(() => this.receive(content), 3),
    };
  }

  start() {
    const began = performance.now() - this.world.now;
    setInterval(() => {
      if (this.isBlocked) return;
      for (const message of this.held.splice(0)) this.answer(message);
      this.world.step(performance.now() - began);
      this.frame();
    }, FRAME_MS);
  }

  get isBlocked() {
    return performance.now() < this.blockedUntil;
  }

  block(seconds = 3600) {
    this.blockedUntil = performance.now() + seconds * 1000;
  }

  /** Loses a number on purpose. */
  skip() {
    this.seq += 1;
  }

  /** @param {unknown} content */
  emit(content) {
    for (const callback of this.listeners.get("msg:custom") ?? [])
      callback(structuredClone(content));
  }

  /** @param {Message} message */
  receive(message) {
    if (this.isBlocked) this.held.push(message);
    else this.answer(message);
  }

  /** @param {Message} message */
  answer(message) {
    this.messages += 1;
    const row = this.world.rows.get(message.key);
    if (message.type === "hello" || message.type === "resync") this.resend();
    if (message.type === "visible") this.views.set(message.view, message.visible);
    if (message.type === "bye") this.views.delete(message.view);
    if (message.type === "ack") this.acked = message.seq;
    if (message.type === "ping") this.emit({ type: "pong", t: message.t, view: message.view });
    if (message.type === "open" && row) row.open = message.open;
    if (message.type === "more")
      this.windows.set(message.key, (this.windows.get(message.key) ?? WINDOW) + WINDOW);
    if (message.type === "select") this.selected = message.key;
    if (message.type === "look") this.tab = message.tab;
    if (message.type === "search") this.search(message.text);
    if (message.type === "command") this.command(message);
  }

  resend() {
    this.sent = this.visible();
    this.acked = this.seq;
    this.told = this.world.events.at(-1)?.n ?? 0;
    this.emit({ type: "snapshot", snapshot: this.snapshot() });
  }

  snapshot() {
    const { now, events } = this.world;
    const rows = [...this.visible().values()];
    const recent = events.slice(-60);
    return {
      version: 1,
      seq: this.seq,
      now,
      root: "",
      node: "nb@local",
      rows,
      events: recent,
      network: this.world.network,
      stats: this.stats(),
    };
  }

  stats() {
    const { rows, crashes, lag, alive } = this.world;
    const rate = [...rows.values()].reduce((sum, row) => sum + row.rate, 0);
    return {
      processes: rows.size,
      rate,
      lag,
      crashes,
      dropped: 0,
      cost: 0.0014,
      cuts: [],
      paused: false,
      alive,
    };
  }

  /** What can be seen, in drawing order: open branches, and 50 siblings before the rest becomes one row. */
  visible() {
    /** @type {Map<string, Row[]>} */
    const families = new Map();
    for (const row of this.world.rows.values()) {
      families.set(row.parent, [...(families.get(row.parent) ?? []), row]);
    }
    /** @type {Map<string, Row>} */
    const seen = new Map();
    const visit = (/** @type {string} */ parent) => {
      const family = families.get(parent) ?? [];
      const more = `${parent}/…`;
      const shown = this.windows.get(more) ?? WINDOW;
      for (const row of family.slice(0, shown)) {
        seen.set(row.key, structuredClone(row));
        if (row.open) visit(row.key);
      }
      const rest = family.slice(shown);
      if (rest.length > 0) seen.set(more, moreRow(more, parent, rest));
    };
    visit("");
    return seen;
  }

  frame() {
    const looked = [...this.views.values()].some(Boolean);
    if (!looked || this.seq - this.acked >= IN_FLIGHT) return;
    const rows = this.visible();
    const before = this.sent;
    const put = [...rows.values()].filter((row) => !equal(row, before.get(row.key)));
    const drop = [...before.keys()].filter((key) => !rows.has(key)).map((key) => this.dropped(key));
    this.sent = rows;
    this.seq += 1;
    const events = this.world.events.filter((event) => event.n > this.told);
    this.told = this.world.events.at(-1)?.n ?? 0;
    const { now } = this.world;
    const details = this.details();
    this.emit({
      type: "delta",
      seq: this.seq,
      now,
      put,
      drop,
      order: orders(before, rows),
      events,
      network: this.world.network,
      stats: this.stats(),
      details,
    });
  }

  /** @param {string} key */
  dropped(key) {
    return { key, reason: this.world.rows.has(key) ? "" : (this.world.gone.get(key) ?? "") };
  }

  details() {
    const row = this.world.rows.get(this.selected);
    if (row === undefined) return null;
    const siblings = [...this.world.rows.values()].filter(
      (other) => other.parent === row.parent && other !== row,
    );
    return {
      key: row.key,
      pid: row.pid,
      name: row.name,
      kind: row.kind,
      cls: row.cls,
      parent: row.parent,
      status: row.status,
      mailbox: row.mailbox,
      messages: 51_960 + Math.floor(this.world.now / 10),
      started: this.world.now - 48_000,
      methods: ["row", "rows", "mean"],
      ties: {
        names: [row.name],
        groups: ["carriers", "east"],
        links: [this.world.rows.get(row.parent), siblings[0]].flatMap(tie),
        monitors: siblings.slice(2, 4).flatMap(tie),
        monitored_by: [{ pid: "<nb.1>", name: "shell" }],
      },
      exits: row.exits.map((exit) => ({ ...exit, traceback: TRACE + exit.reason })),
      state: this.tab === "state" ? state(row) : null,
      machine: null,
      queue: this.tab === "mailbox" ? queue(row, this.world.now) : null,
      code: this.tab === "code" ? CODE : null,
    };
  }

  /** @param {string} text */
  search(text) {
    const wanted = text.toLowerCase();
    const found = [...this.world.rows.values()].filter(
      ({ name, cls, pid }) =>
        text !== "" && `${name}\n${cls}\n${pid}`.toLowerCase().includes(wanted),
    );
    this.emit({
      type: "found",
      text,
      total: found.length,
      keys: found.slice(0, 100).map((row) => row.key),
    });
  }

  /** @param {Message} message */
  command({ id, name, pid, args }) {
    const reason = args?.reason ?? "";
    const row = [...this.world.rows.values()].find((other) => other.pid === pid);
    const bad = name === "kill" && /[^\w("', )]/.test(reason);
    if (row === undefined || bad) {
      const text = bad
        ? `expected a Python expression as reason, got ${reason}`
        : `expected a living process, got ${pid}`;
      return this.emit({ type: "result", id, ok: false, text });
    }
    if (name === "kill") this.world.crash(row, reason === "kill" ? "killed" : reason);
    if (name === "suspend") row.status = "suspended";
    if (name === "resume") row.status = "waiting";
    if (name !== "kill") this.world.event(`${name}${name === "suspend" ? "ed" : "d"}`, row);
    this.emit({ type: "result", id, ok: true, text: `${name} sent to ${row.name} ${pid}` });
  }
}

const TRACE =
  "Traceback (most recent call last):\n  carrier.py:31 in handle_cast\n    delay = row.arr_delay - row.dep_time\n";

const CODE = {
  name: "Carrier",
  file: "a cell",
  line: 3,
  note: "",
  text: `class Carrier(ab.GenServer):
    """The flights of one carrier."""

    redact = {"token"}

    def init(self, code):
        self.carrier, self.rows = code, 0
        self.delay = {}

    @ab.cast
    def row(self, flight):
        self.rows += 1  # one more
        if flight.dep_time is None:
            raise TypeError(f"dep_time is NA in {flight!r}")

    @ab.call
    def mean(self, month=None):
        return self.delay.get(month, 0.0)
`,
};

/** @param {Row | undefined} row */
function tie(row) {
  return row === undefined ? [] : [{ pid: row.pid, name: row.name }];
}

/** @param {string} name @param {string} text @param {string} kind @param {any[]} parts */
function value(name, text, kind, parts = []) {
  return { name, text, kind, parts, more: 0 };
}

/** @param {Row} row */
function state(row) {
  const months = [24.2, 21.5, 26.1, 22.8].map((mean, n) =>
    value(String(n + 1), String(mean), "number"),
  );
  const fields = ["EV", "4412", "EWR", "RIC"].map((text, n) =>
    value(
      ["carrier", "flight", "origin", "dest"][n] ?? "",
      n === 1 ? text : `'${text}'`,
      n === 1 ? "number" : "text",
    ),
  );
  return {
    what: "",
    values: [
      value("carrier", `'${row.name.split(" ").at(-1)}'`, "text"),
      value("rows", "51960", "number"),
      value("delay", "{1: 24.2, 2: 21.5, 3: 26.1, 4: 22.8}", "object", months),
      value("last", "Flight('EV', 4412, 'EWR', 'RIC')", "object", fields),
      value("open", "True", "constant"),
      value("token", "<redacted>", "redacted"),
    ],
  };
}

/** @param {Row} row @param {number} now */
function queue(row, now) {
  const kinds = ["cast", "cast", "call", "info", "cast", "signal"];
  const items = Array.from({ length: Math.min(12, row.mailbox) }, (_, index) => ({
    index,
    mark: `m${index}`,
    kind: kinds[index % kinds.length],
    sender: index % 6 === 2 ? "<nb.12>" : "",
    text: `row(Flight('EV', ${4412 + index}, 'EWR', 'RIC'))`,
    parts: [value("0", `Flight('EV', ${4412 + index}, 'EWR', 'RIC')`, "object")],
    since: now - 4200 + index * 340,
    exact: index > 0,
  }));
  return {
    total: row.mailbox,
    bounds: row.limit ? `at most ${row.limit}, then drop_oldest` : "",
    items,
  };
}

/** @param {string} key @param {string} parent @param {Row[]} rest @returns {Row} */
function moreRow(key, parent, rest) {
  const restarting = rest.filter((row) => row.status === "restarting").length;
  const mailbox = rest.reduce((sum, row) => sum + row.mailbox, 0);
  const sub = `${restarting} restarting · ${mailbox} queued`;
  return {
    key,
    parent,
    pid: "",
    name: `… ${rest.length.toLocaleString("en-US")} more`,
    kind: "more",
    cls: "",
    sub,
    status: "waiting",
    mailbox,
    rate: 0,
    restarts: restarting,
    intensity: null,
    exits: [],
    children: rest.length,
    open: false,
    since: 0,
    limit: 0,
    full: false,
    dropped: 0,
  };
}

/** @param {Row} a @param {Row | undefined} b */
function equal(a, b) {
  return b !== undefined && JSON.stringify(a) === JSON.stringify(b);
}

/** The order of each family that changed. @param {Map<string, Row>} before @param {Map<string, Row>} after */
function orders(before, after) {
  const families = (/** @type {Map<string, Row>} */ rows) => {
    /** @type {Record<string, string[]>} */
    const order = {};
    for (const row of rows.values()) order[row.parent] = [...(order[row.parent] ?? []), row.key];
    return order;
  };
  const [old, now] = [families(before), families(after)];
  return Object.fromEntries(
    Object.entries(now).filter(([parent, keys]) => String(keys) !== String(old[parent])),
  );
}
