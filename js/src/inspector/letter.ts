// One message in a mailbox: what kind, what it says, how long it has waited; unfolded also its parts and its sender.

import { h, setAttributes, setHidden, setText } from "../lib/dom.ts";
import { age } from "../lib/format.ts";
import { button } from "../panels/button.ts";
import type { Waiting } from "../protocol.ts";
import { rowFor } from "../store/lookup.ts";
import type { InspectorFrame } from "./frame.ts";
import { Values } from "./values.ts";

export class Letter {
  readonly #fold: HTMLButtonElement;
  readonly #kind = h("span", { class: "chip" });
  readonly #text = h("code");
  readonly #age = h("time");
  readonly #sender = button("", { class: "pid" });
  readonly #from = h("p", { class: "from" }, "from ", this.#sender);
  readonly #whole = h("code", { class: "whole" });
  readonly #values: Values;
  readonly #more: HTMLElement;
  readonly element: HTMLElement;

  constructor(id: string, signal: AbortSignal) {
    this.#values = new Values("message", signal);
    this.#fold = button("", { class: "message", "data-deed": "fold", "data-letter": id });
    this.#fold.append(this.#kind, this.#text, this.#age);
    const deeds = h(
      "span",
      { class: "deeds", role: "gridcell" },
      deed("↑", "up", "Move up (Alt ↑)"),
      deed("↓", "down", "Move down (Alt ↓)"),
      deed("×2", "duplicate", "Duplicate (D)"),
      deed("✕", "drop", "Drop (Delete)"),
    );
    this.#more = h(
      "div",
      { class: "more", role: "gridcell" },
      this.#from,
      this.#whole,
      this.#values.element,
    );
    this.#more.hidden = true;
    const cell = h("span", { class: "cell", role: "gridcell" }, this.#fold);
    this.element = h(
      "div",
      { class: "letter", role: "row", draggable: "true" },
      cell,
      deeds,
      this.#more,
    );
  }

  toggle(): void {
    this.#more.hidden = !this.#more.hidden;
  }

  update(waiting: Waiting, frame: InspectorFrame | null): void {
    const { kind, text, since, exact, sender, parts, index } = waiting;
    setAttributes(this.element, { "data-index": String(index), "data-kind": kind });
    setAttributes(this.#fold, { "aria-expanded": String(!this.#more.hidden), title: text });
    setText(this.#kind, kind);
    setText(this.#text, text);
    setText(this.#age, `${exact ? "" : "≥ "}${age((frame?.now ?? since) - since)}`);
    if (this.#more.hidden) return;
    setText(this.#whole, text);
    setHidden(this.#whole, parts.length > 0);
    this.#values.update(parts);
    const row = frame === null ? undefined : rowFor(frame.state.picture, sender);
    setText(this.#sender, row?.name ?? sender);
    setAttributes(this.#sender, { "data-key": row?.key ?? null, title: sender });
    this.#sender.disabled = row === undefined;
    setHidden(this.#from, sender === "");
  }
}

function deed(text: string, name: string, title: string): HTMLElement {
  return button(text, { "data-deed": name, title, "aria-label": title, tabindex: "-1" });
}
