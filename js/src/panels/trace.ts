// The bar above what is traced: whom, up to which limit and rate, how it stands, and a button that begins or ends it.

import { h, listen, setAttributes, setHidden, setText } from "../lib/dom.ts";
import { button } from "./button.ts";

export interface TraceWish {
  readonly targets: string;
  readonly limit: number;
  readonly rate: number;
}

export interface TraceBarOptions {
  readonly role: string;
  /** Without it the bar is about the selected process. */
  readonly targets: boolean;
  readonly limit: number;
  readonly rate: number;
  readonly start: (wish: TraceWish) => void;
  readonly stop: (() => void) | null;
}

export class TraceBar {
  readonly #options: TraceBarOptions;
  readonly #targets: HTMLInputElement;
  readonly #limit: HTMLInputElement;
  readonly #rate: HTMLInputElement;
  readonly #go = button("Trace", { class: "solid", type: "submit" });
  readonly #said = h("span", { class: "said", role: "status" });
  readonly element: HTMLFormElement;
  #running = false;

  constructor(options: TraceBarOptions, signal: AbortSignal) {
    this.#options = options;
    const { role } = options;
    this.#targets = h("input", {
      type: "text",
      class: "targets",
      "data-role": `${role}-targets`,
      "aria-label": "Whom to trace: names, globs, classes, pids",
      title:
        "Names, globs such as till*, classes, pids; a supervisor stands for all below it; * for all",
      spellcheck: "false",
      autocomplete: "off",
    });
    this.#targets.value = "*";
    this.#limit = number(`${role}-limit`, "Stop after so many events", options.limit);
    this.#rate = number(`${role}-rate`, "Stop when more events come in a second", options.rate);
    setAttributes(this.#go, { "data-action": `${role}-go` });
    const caps = h(
      "span",
      { class: "caps" },
      h("label", {}, "at most ", this.#limit),
      h("label", {}, "and ", this.#rate, " a second"),
    );
    this.element = h(
      "form",
      { class: "trace-bar", "data-role": `${role}-bar` },
      this.#targets,
      caps,
      this.#go,
      this.#said,
    );
    setHidden(this.#targets, !options.targets);
    listen(this.element, "submit", (event) => this.#submit(event), signal);
  }

  /** `said` is the kernel's line; `targets` are shown unless they are being written. */
  update(said: string, running: boolean, targets: string): void {
    this.#running = running;
    const stops = running && this.#options.stop !== null;
    setText(this.#go, stops ? "Stop" : running ? "Begin anew" : "Trace");
    setText(this.#said, said);
    this.#said.classList.toggle("tripped", said.includes("stopped itself"));
    if (!this.#targets.matches(":focus") && running) this.#targets.value = targets;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const { start, stop } = this.#options;
    if (this.#running && stop !== null && !this.#targets.matches(":focus")) stop();
    else start({ targets: this.#targets.value.trim() || "*", ...this.#caps() });
  }

  #caps(): { limit: number; rate: number } {
    const { limit, rate } = this.#options;
    return {
      limit: positive(this.#limit.value, limit),
      rate: positive(this.#rate.value, rate),
    };
  }
}

/** A number that a reader wrote; what is none, or below one, is the default. */
export function positive(text: string, otherwise: number): number {
  const value = Math.floor(Number(text));
  return Number.isFinite(value) && value >= 1 ? value : otherwise;
}

function number(role: string, label: string, value: number): HTMLInputElement {
  return h("input", {
    type: "number",
    min: "1",
    value: String(value),
    "data-role": role,
    "aria-label": label,
    title: label,
  });
}
