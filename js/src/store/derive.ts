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

type Mailbox = Pick<Row, "mailbox" | "limit" | "full">;

/** How full a mailbox is: red without room, amber above four fifths. Without a limit: amber above 100, red above 1000. */
export function mailboxFill({ mailbox, limit, full }: Mailbox): Fill {
  if (limit === 0) return mailbox > 1000 ? "over" : mailbox > 100 ? "high" : "low";
  if (full) return "over";
  return mailbox > limit * 0.8 ? "high" : "low";
}

/** How much of its room is taken, 0 to 1; null when there is no limit to fill. */
export function mailboxLevel({ mailbox, limit }: Mailbox): number | null {
  return limit === 0 ? null : Math.min(1, mailbox / limit);
}
