// One process on the canvas: made once, then patched. An element of the page instead of an SVG group, for the sake of
// ellipsis, focus rings, high contrast and the reader's own font size.

import { isBranch, labelOf, waiting } from "../a11y.ts";
import type { Spot } from "../layout/scene.ts";
import { h, setAttributes, setClass, setHidden, setText } from "../lib/dom.ts";
import { count, counted, rate } from "../lib/format.ts";
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
import { Generations } from "./generations.ts";
import { iconFor } from "./icons.ts";
import { Ring } from "./ring.ts";
import { Spark } from "./spark.ts";

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

export class Card {
  readonly #name = h("span", { class: "name" });
  readonly #sub = h("span", { class: "sub" });
  readonly #restarts = h("span", { class: "restarts" });
  readonly #mailbox = h("span", { class: "mailbox" });
  readonly #budget = h("span", { class: "budget" });
  readonly #toggle = h("button", {
    class: "toggle",
    type: "button",
    tabindex: "-1",
    "aria-hidden": "true",
    "data-action": "toggle",
  });
  readonly #icon = h("span", { class: "kind" });
  readonly #spark = new Spark();
  readonly #ring = new Ring();
  readonly #generations = new Generations();
  readonly #card: HTMLElement;
  readonly element: HTMLElement;
  #kind = "";
  #moving = false;

  constructor(key: string) {
    const gauge = h("span", { class: "gauge" }, this.#spark.element, this.#ring.element);
    const top = h("span", { class: "line" }, this.#name, this.#restarts, gauge);
    const bottom = h("span", { class: "line" }, this.#sub, this.#budget, this.#mailbox);
    this.#card = h("div", { class: "card" }, this.#icon, h("span", { class: "text" }, top, bottom));
    const behind = this.#generations.elements;
    this.element = h("div", { class: "row", "data-key": key }, ...behind, this.#card, this.#toggle);
  }

  /** Does it change with the clock alone (an age, a window that empties)? */
  get moving(): boolean {
    return this.#moving;
  }

  update(input: CardInput, now: number): void {
    this.#place(input.spot);
    this.#mark(input);
    this.#draw(input);
    const budgetMoves = this.#updateBudget(input.row, now);
    const exitMoves = this.#generations.update(input.row, input.ghost, now);
    this.#moving = budgetMoves || exitMoves;
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

  #draw({ row, history, ghost }: CardInput): void {
    if (this.#kind !== row.kind) this.#icon.replaceChildren(iconFor(row.kind));
    this.#kind = row.kind;
    setText(this.#name, row.name);
    setText(this.#sub, row.sub || row.cls);
    setAttributes(this.#card, { title: tooltip(row, ghost) });
    setHidden(this.#restarts, row.kind === "more" || row.restarts === 0);
    setText(this.#restarts, `↻ ${count(row.restarts)}`);
    setAttributes(this.#restarts, {
      title: `restarted ${counted(row.restarts, "time")}: gen ${generation(row)}`,
    });
    this.#drawMailbox(row);
    this.#drawToggle(row, ghost !== undefined);
    this.#spark.update(history);
    this.#spark.element.toggleAttribute("hidden", history === undefined || row.intensity !== null);
  }

  #drawMailbox(row: Row): void {
    const level = mailboxLevel(row);
    setHidden(this.#mailbox, row.mailbox <= 0);
    setText(this.#mailbox, row.full ? `${count(row.mailbox)} full` : count(row.mailbox));
    setAttributes(this.#mailbox, {
      "data-fill": mailboxFill(row),
      "data-level": level === null ? null : "true",
      title: waiting(row).join(", "),
    });
    this.#mailbox.style.setProperty("--level", `${Math.round((level ?? 0) * 100)}%`);
  }

  #drawToggle(row: Row, isGhost: boolean): void {
    setHidden(this.#toggle, isGhost || !isBranch(row));
    setText(this.#toggle, row.open ? "−" : count(row.children));
    setAttributes(this.#toggle, {
      title: row.open ? "fold this branch" : `show ${counted(row.children, "child", "children")}`,
    });
  }

  #updateBudget(row: Row, now: number): boolean {
    const intensity = intensityAt(row, now);
    this.#ring.element.toggleAttribute("hidden", intensity === null);
    setHidden(this.#budget, intensity === null || intensity.used === 0);
    if (intensity === null) return false;
    this.#ring.update(intensity);
    setText(this.#budget, intensityText(intensity));
    setClass(this.#budget, "full", intensity.used >= intensity.max);
    return intensity.used > 0;
  }
}

function endedHow(last: { readonly reason: string } | undefined): string | null {
  if (last === undefined) return null;
  return isNormal(last.reason) ? "normal" : "crash";
}

function tooltip(row: Row, ghost: Ghost | undefined): string {
  const lines = [[row.name, row.cls, row.pid].filter(Boolean).join(" · ")];
  if (row.rate > 0) lines.push(`${rate(row.rate)} msg/s`);
  if (ghost !== undefined) lines.push(`ended: ${ghost.reason}`);
  const last = row.exits[0];
  if (last !== undefined) lines.push(`${last.pid} ended: ${last.reason}`);
  return lines.join("\n");
}
