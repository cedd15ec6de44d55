// A row that goes lingers for a moment as a ghost, where it stood, with the reason why it went.

import type { Delta, Drop, Row } from "../protocol.ts";

export const GHOST_MS = 3000;

/** In a storm (a thousand tasks that end each second) only the newest linger: the living matter more. */
export const GHOSTS_MOST = 40;

export interface Ghost {
  readonly row: Row;
  readonly reason: string;
  readonly at: number;
}

type Ghosts = ReadonlyMap<string, Ghost>;

interface Before {
  readonly rows: ReadonlyMap<string, Row>;
  readonly ghosts: Ghosts;
}

/**
 * The ghosts after a delta: those before, without the ones that came back to life, and the dropped rows.
 * A drop without a reason is no death (a branch was collapsed, a row left the window): it leaves nothing behind.
 */
export function haunt(old: Before, delta: Delta, rows: ReadonlyMap<string, Row>): Ghosts {
  const deaths = delta.drop.filter((drop) => drop.reason !== "" && old.rows.has(drop.key));
  const revived = [...old.ghosts.keys()].some((key) => rows.has(key));
  if (deaths.length === 0 && !revived) return old.ghosts;
  const ghosts = new Map([...old.ghosts].filter(([key]) => !rows.has(key)));
  for (const drop of deaths.slice(-GHOSTS_MOST)) addGhost(ghosts, drop, old, rows, delta.now);
  return new Map([...ghosts].slice(-GHOSTS_MOST));
}

function addGhost(
  ghosts: Map<string, Ghost>,
  drop: Drop,
  old: Before,
  rows: ReadonlyMap<string, Row>,
  at: number,
): void {
  const row = old.rows.get(drop.key);
  // The same delta may drop a key and put it again: that is a row, not a ghost.
  if (row === undefined || rows.has(drop.key)) return;
  ghosts.set(drop.key, { row, reason: drop.reason, at });
}

/** Without the ghosts whose time is up; the same object when there are none. */
export function prune(ghosts: Ghosts, now: number): Ghosts {
  const fresh = [...ghosts].filter(([, ghost]) => now - ghost.at < GHOST_MS);
  return fresh.length === ghosts.size ? ghosts : new Map(fresh);
}

/** Puts the ghosts among `before` back into the `living` order: each behind the neighbour that it stood behind. */
export function withGhosts(
  before: readonly string[],
  living: readonly string[],
  ghosts: Ghosts,
): readonly string[] {
  const alive = new Set(living);
  const behind = new Map<string, string[]>();
  let neighbour = "";
  for (const key of before) {
    if (alive.has(key)) neighbour = key;
    else if (ghosts.has(key)) behind.set(neighbour, [...(behind.get(neighbour) ?? []), key]);
  }
  if (behind.size === 0) return living;
  const first = behind.get("") ?? [];
  return [...first, ...living.flatMap((key) => [key, ...(behind.get(key) ?? [])])];
}
