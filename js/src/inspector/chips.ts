// The state of things in a few words, each in its colour.

import { count, counted } from "../lib/format.ts";
import type { Row } from "../protocol.ts";
import { intensityAt, isNormal, mailboxFill } from "../store/derive.ts";

export interface Chip {
  readonly text: string;
  readonly tone: string;
}

/** A window for rows whose parent has none. */
const CRASH_WINDOW_S = 5;

export function chipsOf(row: Row, parent: Row | undefined, now: number): readonly Chip[] {
  const chips: Chip[] = [{ text: row.status, tone: row.status }];
  const seconds = parent?.intensity?.[1] ?? CRASH_WINDOW_S;
  const recent = row.exits.filter(
    (exit) => now - exit.at < seconds * 1000 && !isNormal(exit.reason),
  );
  if (recent.length > 0) {
    const text = `${counted(recent.length, "crash", "crashes")} in ${seconds} s`;
    chips.push({ text, tone: "bad" });
  }
  if (row.mailbox > 0) {
    const of = row.limit > 0 ? ` of ${count(row.limit)}` : "";
    const text = `${count(row.mailbox)}${of} queued${row.full ? " · full" : ""}`;
    chips.push({ text, tone: `fill-${mailboxFill(row)}` });
  }
  if (row.dropped > 0) chips.push({ text: `${count(row.dropped)} found no room`, tone: "lost" });
  const budget = intensityAt(row, now);
  if (budget !== null) {
    const text = `${budget.used} of ${budget.max} restarts in ${budget.seconds} s`;
    chips.push({ text, tone: budget.used >= budget.max ? "bad" : "plain" });
  }
  return chips;
}
