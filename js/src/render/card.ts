// One process on the canvas: made once, then patched. An element of the page instead of an SVG group, for the sake of
// ellipsis, focus rings, high contrast and the reader's own font size.

import { isBranch, labelOf, waiting } from "../a11y.ts";
import type { Spot } from "../layout/scene.ts";
import { h, setAttributes, setClass, setText } from "../lib/dom.ts";
import { age, count, counted, rate } from "../lib/format.ts";
import { Optional } from "../lib/optional.ts";
import type { Row } from "../protocol.ts";
import {
  generation,
  intensityAt,
  intensityText,
  isNormal,
  mailboxFill,
  mailboxLevel,
} from "../store/derive.ts";
import type { Ghost } from "../store/ghosts.ts";
import { Gauge } from "./gauge.ts";
import { Generations } from "./generations.ts";
import { iconFor } from "./icons.ts";

/** All that a card depends on. The tree hands it over only when something of it is new. */
export interface CardInput {
  readonly row: Row;
  readonly spot: Spot;
  readonly ghost: Ghost | undefined;
  readonly history: readonly number[] | undefined;
  readonly selected: boolean;
  readonly tabstop: boolean;
  /** What the search says: it is a hit, it is none, or nothing is searched for. */
  readonly match: "hit" | "miss" | "none";
}

/** A message that waits for longer than this is worth a word on the card. */
const LONG_MS = 1000;

export class Card {
  readonly #name = h("span", { class: "name" });
  readonly #sub = h("span", { class: "sub" });
  readonly #icon = h("span", { class: "kind" });
  readonly #top = h("span", { class: "line" }, this.#name);
  readonly #bottom = h("span", { class: "line" }, this.#sub);
  readonly #text = h("span", { class: "text" }, this.#top, this.#bottom);
  readonly #card = h("div", { class: "card" }, this.#icon, this.#text);
  readonly element: HTMLElement;

  readonly #restarts = lazy("restarts", this.#top);
  readonly #budget = lazy("budget", this.#bottom);
  readonly #mailbox = lazy("mailbox", this.#bottom);
  readonly #gauge = new Gauge((element) => this.#top.append(element));
  readonly #toggle = new Optional(makeToggle, (element) => this.element.append(element));
  readonly #generations = new Generations((element) => this.#card.before(element));
  #kind = "";
  #moving = false;

  constructor(key: string) {
    this.element = h("div", { class: "row", "data-key": key }, this.#card);
  }

  /** Does it change with the clock alone (an age, a window that empties)? */
  get moving(): boolean {
    return this.#moving;
  }

  update(input: CardInput, now: number): void {
    this.#place(input.spot);
    this.#mark(input);
    this.#draw(input, now);
    const budgetMoves = this.#updateBudget(input, now);
    const exitMoves = this.#generations.update(input.row, input.ghost, now);
    this.#moving = budgetMoves || exitMoves || input.row.since > 0;
  }

  #place({ x, y }: Spot): void {
    const transform = `translate(${x}px, ${y}px)`;
    if (this.element.style.transform !== transform) this.element.style.transform = transform;
  }

  /** What tests, style sheets and screen readers go by. A ghost is a memory, not an item of the tree. */
  #mark({ row, spot, ghost, selected, tabstop, match }: CardInput): void {
    const isGhost = ghost !== undefined;
    setAttributes(this.element, {
      role: isGhost ? "none" : "treeitem",
      "aria-hidden": isGhost ? "true" : null,
      "aria-label": labelOf(row),
      "aria-level": String(spot.level),
      "aria-posinset": String(spot.position),
      "aria-setsize": String(spot.siblings),
      "aria-expanded": isBranch(row) ? String(row.open) : null,
      "aria-selected": String(selected),
      tabindex: isGhost ? null : tabstop ? "0" : "-1",
      "data-pid": row.pid,
      "data-name": row.name,
      "data-kind": row.kind,
      "data-status": isGhost ? "exited" : row.status,
      "data-restarts": String(row.restarts),
      "data-mailbox": String(row.mailbox),
      "data-full": row.full ? "true" : null,
      "data-ghost": isGhost ? "true" : null,
      "data-ended": endedHow(ghost ?? row.exits[0]),
      "data-match": match,
    });
  }

  #draw({ row, ghost }: CardInput, now: number): void {
    if (this.#kind !== row.kind) this.#icon.replaceChildren(iconFor(row.kind));
    this.#kind = row.kind;
    setText(this.#name, row.name);
    setText(this.#sub, row.sub || row.cls);
    setAttributes(this.#card, { title: tooltip(row, ghost, now) });
    this.#drawRestarts(row);
    this.#drawMailbox(row, now);
    this.#drawToggle(row, ghost !== undefined);
  }

  #drawRestarts(row: Row): void {
    if (row.kind === "more" || row.restarts === 0) {
      this.#restarts.hide();
      return;
    }
    const element = this.#restarts.show();
    setText(element, `↻ ${count(row.restarts)}`);
    setAttributes(element, {
      title: `restarted ${counted(row.restarts, "time")}: gen ${generation(row)}`,
    });
  }

  #drawMailbox(row: Row, now: number): void {
    if (row.mailbox <= 0) {
      this.#mailbox.hide();
      return;
    }
    const element = this.#mailbox.show();
    const level = mailboxLevel(row);
    setText(element, mailboxText(row, now));
    setAttributes(element, {
      "data-fill": mailboxFill(row),
      "data-level": level === null ? null : "true",
      title: waiting(row).join(", "),
    });
    element.style.setProperty("--level", `${Math.round((level ?? 0) * 100)}%`);
  }

  #drawToggle(row: Row, isGhost: boolean): void {
    if (isGhost || !isBranch(row)) {
      this.#toggle.hide();
      return;
    }
    const element = this.#toggle.show();
    setText(element, row.open ? "−" : count(row.children));
    setAttributes(element, {
      title: row.open ? "fold this branch" : `show ${counted(row.children, "child", "children")}`,
    });
  }

  #updateBudget({ row, history }: CardInput, now: number): boolean {
    const intensity = intensityAt(row, now);
    this.#gauge.update(intensity, history);
    if (intensity === null || intensity.used === 0) {
      this.#budget.hide();
      return false;
    }
    const element = this.#budget.show();
    setText(element, intensityText(intensity));
    setClass(element, "full", intensity.used >= intensity.max);
    return true;
  }
}

/** How many wait; when the oldest has waited long, for how long too. */
export function mailboxText(row: Row, now: number): string {
  const text = row.full ? `${count(row.mailbox)} full` : count(row.mailbox);
  const waited = row.since > 0 ? now - row.since : 0;
  return waited > LONG_MS ? `${text} · ${age(waited)}` : text;
}

function lazy(name: string, line: HTMLElement): Optional<HTMLElement> {
  return new Optional(
    () => h("span", { class: name }),
    (element) => line.append(element),
  );
}

function makeToggle(): HTMLElement {
  return h("button", {
    class: "toggle",
    type: "button",
    tabindex: "-1",
    "aria-hidden": "true",
    "data-action": "toggle",
  });
}

function endedHow(last: { readonly reason: string } | undefined): string | null {
  if (last === undefined) return null;
  return isNormal(last.reason) ? "normal" : "crash";
}

function tooltip(row: Row, ghost: Ghost | undefined, now: number): string {
  const lines = [[row.name, row.cls, row.pid].filter(Boolean).join(" · ")];
  if (row.rate > 0) lines.push(`${rate(row.rate)} msg/s`);
  if (row.since > 0) lines.push(`${count(row.mailbox)} queued, oldest ${age(now - row.since)}`);
  if (ghost !== undefined) lines.push(`ended: ${ghost.reason}`);
  const last = row.exits[0];
  if (last !== undefined) lines.push(`${last.pid} ended: ${last.reason}`);
  return lines.join("\n");
}
