// The tree for keyboards and screen readers: where a key leads (the ARIA tree pattern), what a row is called, and what is
// read out. Pure, but for the small live region at the end.

import type { Scene } from "./layout/scene.ts";
import { count, counted } from "./lib/format.ts";
import type { Event, Row } from "./protocol.ts";

export type Move =
  | { readonly type: "focus"; readonly key: string }
  | { readonly type: "open"; readonly key: string; readonly open: boolean }
  | { readonly type: "activate"; readonly key: string }
  | { readonly type: "close" };

type Rows = ReadonlyMap<string, Row>;

/** What a pressed key asks for while the row `from` has the focus; `null` when it is none of ours. */
export function moveFor(pressed: string, from: string, scene: Scene, rows: Rows): Move | null {
  const order = [...scene.spots.keys()].filter((key) => rows.has(key));
  const index = order.indexOf(from);
  const focus = (key: string | undefined): Move | null =>
    key === undefined || key === "" ? null : { type: "focus", key };
  switch (pressed) {
    case "ArrowDown":
      return focus(order[index + 1]);
    case "ArrowUp":
      return focus(order[index - 1]);
    case "Home":
      return focus(order[0]);
    case "End":
      return focus(order.at(-1));
    case "ArrowRight":
      return unfold(from, order[index + 1], scene, rows);
    case "ArrowLeft":
      return fold(from, scene, rows);
    case "Enter":
    case " ":
      return { type: "activate", key: from };
    case "Escape":
      return { type: "close" };
    default:
      return null;
  }
}

/** Right opens a closed branch, and goes to the first child of an open one. */
function unfold(from: string, next: string | undefined, scene: Scene, rows: Rows): Move | null {
  const row = rows.get(from);
  if (row === undefined || !isBranch(row)) return null;
  if (!row.open) return { type: "open", key: from, open: true };
  const isChild = next !== undefined && scene.spots.get(next)?.parent === from;
  return isChild ? { type: "focus", key: next } : null;
}

/** Left closes an open branch, and goes to the parent from anything else. */
function fold(from: string, scene: Scene, rows: Rows): Move | null {
  const row = rows.get(from);
  if (row !== undefined && isBranch(row) && row.open) {
    return { type: "open", key: from, open: false };
  }
  const parent = scene.spots.get(from)?.parent;
  return parent ? { type: "focus", key: parent } : null;
}

export function isBranch(row: Row): boolean {
  return row.children > 0 && row.kind !== "more";
}

/** What is to be said of a mailbox; nothing of an empty one that has lost nothing. */
export function waiting(row: Row): string[] {
  const parts: string[] = [];
  const of = row.limit > 0 ? ` of at most ${count(row.limit)}` : "";
  if (row.mailbox > 0) parts.push(`${counted(row.mailbox, "message")} waiting${of}`);
  if (row.full) parts.push("mailbox full");
  if (row.dropped > 0) parts.push(`${count(row.dropped)} found no room`);
  return parts;
}

/** All that a card shows, in words. */
export function labelOf(row: Row): string {
  if (row.kind === "more") return `${row.name}, ${row.sub}, press Enter to show more`;
  const parts = [row.name, row.cls, row.status, row.kind === "node" ? row.sub : ""];
  parts.push(...waiting(row));
  if (row.restarts > 0) parts.push(`restarted ${counted(row.restarts, "time")}`);
  const last = row.exits[0];
  if (last !== undefined) parts.push(`last ended with ${last.reason}`);
  return parts.filter((part) => part !== "").join(", ");
}

/** What happened since event `after`, as one sentence; empty when there is nothing worth a word. */
export function announcement(events: readonly Event[], after: number): string {
  const news = events.filter((event) => event.n > after);
  const phrases = [
    phrase(news, "crashed", "crash", "crashes"),
    phrase(news, "restarted", "restart", "restarts"),
    phrase(news, "gave_up", "supervisor gave up", "supervisors gave up"),
    phrase(news, "killed", "kill", "kills"),
    phrase(news, "blocking", "callback blocked the loop", "callbacks blocked the loop"),
  ];
  return phrases.filter((text) => text !== "").join(". ");
}

/** One event is told in full, several of a kind are counted. */
function phrase(news: readonly Event[], kind: Event["kind"], one: string, many: string): string {
  const some = news.filter((event) => event.kind === kind);
  const only = some[0];
  if (only === undefined) return "";
  if (some.length > 1) return counted(some.length, one, many);
  return [only.name || only.pid, kind.replace("_", " "), only.text].filter(Boolean).join(" ");
}

const QUIET_MS = 2000;

/** Says news at most every two seconds: in a crash storm a screen reader must still be of use. */
export class Announcer {
  readonly element: HTMLElement;
  #told = -1;
  #spokeAt = Number.NEGATIVE_INFINITY;

  constructor(element: HTMLElement) {
    this.element = element;
  }

  update(events: readonly Event[], at: number): void {
    const newest = events.at(-1)?.n ?? 0;
    // What happened before the view was there is history, not news.
    if (this.#told < 0) this.#told = newest;
    if (newest <= this.#told || at - this.#spokeAt < QUIET_MS) return;
    const text = announcement(events, this.#told);
    this.#told = newest;
    if (text === "") return;
    this.element.textContent = text;
    this.#spokeAt = at;
  }
}
