// What the kernel has told us, as one immutable value: a snapshot starts it, deltas carry it on.
// Nothing here knows a clock, the page or the network: values in, values out.

import type { Blocking, Delta, Details, Event, Row, Snapshot, Stats, Way } from "../protocol.ts";

import { type Ghost, haunt, prune, withGhosts } from "./ghosts.ts";
import { type Rates, sampled } from "./rates.ts";

/** As many events as are kept; the kernel's own recorder keeps more. */
export const EVENTS_KEPT = 200;

export interface Picture {
  /** False until the first snapshot. */
  readonly known: boolean;
  readonly seq: number;
  /** The node's clock, in ms, when it last spoke. */
  readonly now: number;
  readonly root: string;
  readonly node: string;
  readonly rows: ReadonlyMap<string, Row>;
  /** Rows that are gone and still fade. They keep their place, so that nothing moves under the reader's eye. */
  readonly ghosts: ReadonlyMap<string, Ghost>;
  /** Keys in drawing order by parent key, ghosts included. The same object as long as the tree has the same form. */
  readonly children: ReadonlyMap<string, readonly string[]>;
  readonly events: readonly Event[];
  readonly stats: Stats;
  /** The ways between the nodes of a cluster; the same object as long as nothing on them changes. */
  readonly network: readonly Way[];
  readonly details: Details | null;
  readonly rates: Rates;
}

export const EMPTY: Picture = {
  known: false,
  seq: 0,
  now: 0,
  root: "",
  node: "",
  rows: new Map(),
  ghosts: new Map(),
  children: new Map(),
  events: [],
  stats: {
    processes: 0,
    rate: 0,
    lag: 0,
    crashes: 0,
    dropped: 0,
    cost: 0,
    cuts: [],
    paused: false,
    alive: true,
  },
  network: [],
  details: null,
  rates: { at: 0, byKey: new Map() },
};

/** Starts again from a snapshot. Details and sparklines of rows that are still there stay. */
export function fromSnapshot(old: Picture, snapshot: Snapshot): Picture {
  const rows = new Map(snapshot.rows.map((row) => [row.key, row]));
  return {
    known: true,
    seq: snapshot.seq,
    now: snapshot.now,
    root: snapshot.root,
    node: snapshot.node,
    rows,
    ghosts: new Map(),
    children: grouped(snapshot.rows),
    events: snapshot.events.slice(-EVENTS_KEPT),
    stats: snapshot.stats,
    network: snapshot.network,
    details: old.details !== null && rows.has(old.details.key) ? old.details : null,
    rates: sampled({ at: 0, byKey: old.rates.byKey }, rows, snapshot.now),
  };
}

/** Carries the picture on by one delta. The caller has checked that it is the next one. */
export function applyDelta(old: Picture, delta: Delta): Picture {
  const rows = new Map(old.rows);
  for (const drop of delta.drop) rows.delete(drop.key);
  for (const row of delta.put) rows.set(row.key, row);
  const ghosts = prune(haunt(old, delta, rows), delta.now);
  return {
    ...old,
    seq: delta.seq,
    now: delta.now,
    rows,
    ghosts,
    children: rearranged(old, delta, rows, ghosts),
    events: [...old.events, ...delta.events].slice(-EVENTS_KEPT),
    stats: delta.stats,
    network: delta.network ?? old.network,
    details: delta.details ?? old.details,
    rates: sampled(old.rates, rows, delta.now),
  };
}

/** Marks the row of a process that blocks the loop. The kernel sends the row again when that is over. */
export function withBlocking(old: Picture, { pid }: Blocking): Picture {
  const row = [...old.rows.values()].find((known) => pid !== "" && known.pid === pid);
  if (row === undefined || row.status === "blocking") return old;
  const rows = new Map(old.rows).set(row.key, { ...row, status: "blocking" });
  return { ...old, rows };
}

/** Lets ghosts go whose time is up, also while the kernel is silent. */
export function tick(old: Picture, now: number): Picture {
  const ghosts = prune(old.ghosts, now);
  if (ghosts === old.ghosts) return old;
  const stays = (key: string) => old.rows.has(key) || ghosts.has(key);
  const children = new Map<string, readonly string[]>();
  for (const [parent, keys] of old.children) children.set(parent, keys.filter(stays));
  return { ...old, ghosts, children };
}

/** A row that is drawn: a living one, or what a ghost was when it went. */
export function drawnRow(picture: Picture, key: string): Row | undefined {
  return picture.rows.get(key) ?? picture.ghosts.get(key)?.row;
}

function grouped(rows: readonly Row[]): Map<string, string[]> {
  const children = new Map<string, string[]>();
  for (const row of rows) {
    const siblings = children.get(row.parent);
    if (siblings === undefined) children.set(row.parent, [row.key]);
    else siblings.push(row.key);
  }
  return children;
}

/** The new drawing order, or the old object when the tree kept its form: the layout is then spared. */
function rearranged(
  old: Picture,
  delta: Delta,
  rows: ReadonlyMap<string, Row>,
  ghosts: ReadonlyMap<string, Ghost>,
): Picture["children"] {
  const touched = touchedParents(old, delta, ghosts);
  if (touched.size === 0) return old.children;
  const children = new Map(old.children);
  for (const parent of touched) {
    const before = old.children.get(parent) ?? [];
    const living = livingOrder(parent, before, delta, rows);
    children.set(parent, withGhosts(before, living, ghosts));
  }
  return children;
}

/** Parents whose list may differ: named in `order`, of a new or moved row, of a dropped row or of a ghost that ended. */
function touchedParents(
  old: Picture,
  delta: Delta,
  ghosts: ReadonlyMap<string, Ghost>,
): Set<string> {
  const touched = new Set(Object.keys(delta.order));
  for (const row of delta.put) {
    const before = old.rows.get(row.key);
    if (before?.parent === row.parent) continue;
    touched.add(row.parent);
    if (before !== undefined) touched.add(before.parent);
  }
  for (const drop of delta.drop) touched.add(old.rows.get(drop.key)?.parent ?? "");
  for (const [key, ghost] of old.ghosts) if (!ghosts.has(key)) touched.add(ghost.row.parent);
  return touched;
}

/** The order that the kernel gave, or the one before; new rows that it did not place go to the end. */
function livingOrder(
  parent: string,
  before: readonly string[],
  delta: Delta,
  rows: ReadonlyMap<string, Row>,
): string[] {
  const placed = new Set(delta.order[parent] ?? before);
  for (const row of delta.put) if (row.parent === parent) placed.add(row.key);
  return [...placed].filter((key) => rows.get(key)?.parent === parent);
}
