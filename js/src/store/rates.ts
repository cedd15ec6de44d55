// The short history of each row's rate, for its sparkline. One sample each quarter second of the node's clock, however
// many deltas come, so that all sparklines have the same time axis.

import type { Row } from "../protocol.ts";

export const SAMPLE_MS = 250;
export const SAMPLES_KEPT = 24;

export interface Rates {
  /** When the last sample was taken, on the node's clock. */
  readonly at: number;
  /** Oldest first. A row that was always idle has no entry. */
  readonly byKey: ReadonlyMap<string, readonly number[]>;
}

/** With one more sample of every row, if it is time for one. */
export function sampled(old: Rates, rows: ReadonlyMap<string, Row>, now: number): Rates {
  if (now - old.at < SAMPLE_MS) return old;
  const byKey = new Map<string, readonly number[]>();
  for (const [key, row] of rows) {
    const history = extended(old.byKey.get(key), row.rate);
    if (history !== null) byKey.set(key, history);
  }
  return { at: now, byKey };
}

function extended(history: readonly number[] | undefined, rate: number): readonly number[] | null {
  if (history === undefined) return rate > 0 ? [0, rate] : null;
  const longer = [...history, rate].slice(-SAMPLES_KEPT);
  return longer.some((sample) => sample > 0) ? longer : null;
}
