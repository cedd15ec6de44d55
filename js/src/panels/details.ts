// The panel about the selected row. The row itself is here at once; the rest comes with the kernel's next delta.

import type { Actions } from "../actions.ts";
import { h, listen, setAttributes, setHidden, setText } from "../lib/dom.ts";
import { count, counted } from "../lib/format.ts";
import { join } from "../lib/join.ts";
import type { Details, Row } from "../protocol.ts";
import { intensityAt, isNormal, mailboxFill } from "../store/derive.ts";
import { drawnRow, type Picture } from "../store/picture.ts";
import type { State } from "../store/store.ts";
import { Controls } from "./controls.ts";
import { Facts } from "./facts.ts";
import { button } from "./kill.ts";
import { MachinePanel } from "./machine.ts";
import type { Results } from "./results.ts";
import { Why } from "./why.ts";

interface Chip {
  readonly text: string;
  readonly tone: string;
}

/** A window for rows whose parent has none. */
const CRASH_WINDOW_S = 5;

/** The state of things in a few words. */
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

export class DetailsPanel {
  readonly #title = h("h3");
  readonly #what = h("span");
  readonly #parent = button("", { class: "pid", "data-role": "parent" });
  readonly #chips = h("div", { class: "chips" });
  readonly #stateText = h("pre", { class: "state", "data-role": "state", tabindex: "0" });
  readonly #state = h("section", {}, h("h4", {}, "State"), this.#stateText);
  readonly #queueTitle = h("h4");
  readonly #queueList = h("ol", { class: "queue", "data-role": "queue" });
  readonly #queue = h("section", {}, this.#queueTitle, this.#queueList);
  readonly #machine = new MachinePanel();
  readonly #why = new Why();
  readonly #facts: Facts;
  readonly #controls: Controls;
  readonly #results: Results;
  readonly element: HTMLElement;
  /** The last that was known of the selected row: it may go while it is looked at. */
  #row: Row | null = null;
  #known: Details | null = null;

  readonly #joinChips = join<Chip, HTMLElement>(this.#chips, {
    key: ({ tone }) => tone,
    create: ({ tone }) => h("span", { class: "chip", "data-tone": tone }),
    update: (element, { text }) => setText(element, text),
  });

  readonly #joinQueue = join<{ readonly index: number; readonly text: string }, HTMLElement>(
    this.#queueList,
    {
      key: ({ index }) => String(index),
      create: () => h("li"),
      update: (element, { text }) => {
        setText(element, text);
        setAttributes(element, { title: text });
      },
    },
  );

  constructor(actions: Actions, results: Results, signal: AbortSignal) {
    this.#facts = new Facts(actions, signal);
    this.#controls = new Controls(actions, signal);
    this.#results = results;
    const close = button("✕", {
      class: "close",
      "aria-label": "Close details",
      "data-action": "close",
    });
    listen(close, "click", () => actions.select(""), signal);
    listen(this.#parent, "click", () => actions.select(this.#row?.parent ?? ""), signal);
    const about = h("p", { class: "about" }, this.#what, this.#parent);
    const head = h("div", { class: "head" }, this.#title, close, about, this.#chips);
    const facts = h("section", {}, h("h4", {}, "Facts"), this.#facts.element);
    const sections = [this.#machine.element, this.#why.element, this.#state, this.#queue, facts];
    const body = h("div", { class: "body" }, head, ...sections);
    const foot = h("footer", {}, results.element, this.#controls.element);
    this.element = h(
      "aside",
      { class: "details", "aria-label": "Details", "data-role": "details" },
      body,
      foot,
    );
  }

  /** Is anything selected? Then the results of commands are shown here, else over the canvas. */
  update(state: State, now: number, at: number): boolean {
    const { picture, ui } = state;
    const open = ui.selected !== "" && this.#remember(picture, ui.selected);
    setHidden(this.element, !open);
    if (!open || this.#row === null) return false;
    this.#head(this.#row, picture, now);
    this.#machine.update(this.#known);
    this.#why.update(this.#row, this.#known?.exits ?? null, now);
    this.#facts.update(this.#known, picture, now);
    this.#stateAndQueue(this.#known);
    const enabled = ui.link.state !== "stopped" && picture.rows.has(this.#row.key);
    this.#controls.update(this.#row, enabled);
    this.#results.update(ui, at);
    return true;
  }

  #remember(picture: Picture, key: string): boolean {
    const row = drawnRow(picture, key);
    if (this.#row?.key !== key) this.#known = null;
    if (row !== undefined) this.#row = picture.ghosts.has(key) ? ended(row) : row;
    else if (this.#row?.key === key) this.#row = ended(this.#row);
    this.#known = picture.details ?? this.#known;
    return this.#row?.key === key;
  }

  #head(row: Row, picture: Picture, now: number): void {
    const parent = drawnRow(picture, row.parent);
    setText(this.#title, row.name);
    setAttributes(this.#title, { title: row.name });
    const parts = [row.cls, row.pid, parent === undefined ? "" : "child of "];
    setText(this.#what, parts.filter(Boolean).join(" · "));
    setText(this.#parent, parent?.name ?? "");
    this.#joinChips(chipsOf(row, parent, now));
  }

  #stateAndQueue(details: Details | null): void {
    setHidden(this.#state, details === null || details.state === "");
    setText(this.#stateText, details?.state ?? "");
    const queue = details?.queue ?? [];
    setHidden(this.#queue, queue.length === 0);
    setText(this.#queueTitle, `Mailbox · ${count(details?.mailbox ?? 0)}`);
    this.#joinQueue(queue.map((text, index) => ({ index, text })));
  }
}

function ended(row: Row): Row {
  return row.status === "exited" ? row : { ...row, status: "exited", mailbox: 0, full: false };
}
