// Small builders: a test names only what it is about.

import type { Delta, Details, Event, Row, Snapshot, Stats } from "../src/protocol.ts";

export const stats: Stats = {
  processes: 1,
  rate: 0,
  lag: 0,
  crashes: 0,
  dropped: 0,
  cost: 0,
  cuts: [],
  paused: false,
  alive: true,
};

export function row(key: string, fields: Partial<Row> = {}): Row {
  return {
    key,
    parent: "",
    pid: `<nb.${key}>`,
    name: key,
    kind: "server",
    cls: "Counter",
    sub: "",
    status: "waiting",
    mailbox: 0,
    rate: 0,
    restarts: 0,
    intensity: null,
    exits: [],
    children: 0,
    open: true,
    since: 0,
    limit: 0,
    full: false,
    dropped: 0,
    ...fields,
  };
}

export function snapshot(rows: readonly Row[] = [], fields: Partial<Snapshot> = {}): Snapshot {
  return {
    version: 1,
    seq: 1,
    now: 1000,
    root: "",
    node: "nb@local",
    rows,
    events: [],
    network: [],
    stats,
    ...fields,
  };
}

export function delta(seq: number, fields: Partial<Omit<Delta, "seq" | "type">> = {}): Delta {
  const now = 1000 + seq * 50;
  return {
    type: "delta",
    seq,
    now,
    put: [],
    drop: [],
    order: {},
    events: [],
    network: null,
    stats,
    details: null,
    ...fields,
  };
}

export function details(key: string, fields: Partial<Details> = {}): Details {
  return {
    key,
    pid: "<nb.1>",
    name: key,
    kind: "server",
    cls: "Counter",
    parent: "",
    status: "waiting",
    mailbox: 0,
    messages: 3,
    started: 0,
    methods: [],
    ties: null,
    exits: [],
    state: null,
    machine: null,
    queue: null,
    code: null,
    ...fields,
  };
}

export function event(n: number, fields: Partial<Event> = {}): Event {
  return { n, at: n, kind: "started", pid: `<nb.${n}>`, name: `p${n}`, text: "", ...fields };
}
