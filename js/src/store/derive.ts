// What a row says at a given moment of the node's clock. These decay by themselves, without a message of the kernel.

import type { Exit, Row } from "../protocol.ts";

/** How long a dead generation stands behind its successor. */
export const GENERATION_MS = 4000;

/** How long the edge to a restarted child glows: most restarts are over before a frame is drawn. */
export const GLOW_MS = 1500;

const NORMAL = /^["']?(normal|shutdown)["']?$|^\(\s*["']shutdown["']/;

export interface Intensity {
  readonly used: number;
  readonly max: number;
  readonly seconds: number;
}

/** Restarts that are still in the supervisor's window, of how many it allows. */
export function intensityAt(row: Row, now: number): Intensity | null {
  if (row.intensity === null) return null;
  const [max, seconds, times] = row.intensity;
  const used = times.filter((at) => now - at < seconds * 1000).length;
  return { used, max, seconds };
}

export function intensityText({ used, max, seconds }: Intensity): string {
  return `${used} of ${max} in ${seconds} s`;
}

/** Dead generations that are still to be seen, newest first. */
export function freshExits(row: Row, now: number): readonly Exit[] {
  return row.exits.filter((exit) => now - exit.at < GENERATION_MS);
}

export function isNormal(reason: string): boolean {
  return NORMAL.test(reason.trim());
}

/** Is the slot being filled anew, or was it a moment ago? */
export function isRestarting(row: Row, now: number): boolean {
  if (row.status === "restarting") return true;
  const last = row.exits[0];
  return row.restarts > 0 && last !== undefined && now - last.at < GLOW_MS;
}

/** The generation that lives in the slot now, counted from 1. */
export function generation(row: Row): number {
  return row.restarts + 1;
}

export type Fill = "low" | "high" | "over";

/** How full a mailbox is: amber above 100, red above 1000. */
export function mailboxFill(mailbox: number): Fill {
  if (mailbox > 1000) return "over";
  return mailbox > 100 ? "high" : "low";
}
