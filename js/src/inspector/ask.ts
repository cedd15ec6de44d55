// A line of Python for the selected process: a message to send, a request to call or cast, another state.

import { h, listen, setAttributes, setHidden } from "../lib/dom.ts";
import { button } from "../panels/button.ts";
import type { CommandName } from "../protocol.ts";

export interface Mode {
  readonly name: CommandName;
  readonly title: string;
  readonly hint: string;
}

export interface AskOptions {
  readonly role: string;
  readonly modes: readonly Mode[];
  readonly ask: (name: CommandName, text: string) => void;
}

/** So many lines are kept to be called back by the arrow up. */
const KEPT = 20;

export class AskForm {
  readonly #options: AskOptions;
  readonly #input: HTMLInputElement;
  readonly #go = button("", { class: "solid", type: "submit" });
  readonly #choices: readonly HTMLButtonElement[];
  readonly element: HTMLFormElement;
  #mode: Mode | undefined;
  #past: string[] = [];
  #at = 0;

  constructor(options: AskOptions, signal: AbortSignal) {
    this.#options = options;
    const { role, modes } = options;
    this.#input = h("input", {
      type: "text",
      "data-role": `${role}-text`,
      "aria-label": "Python, evaluated in the notebook",
      title: "Python, evaluated in the notebook; Enter does it, ↑ brings earlier lines back",
      spellcheck: "false",
      autocomplete: "off",
    });
    setAttributes(this.#go, { "data-action": `${role}-confirm` });
    this.#choices = modes.map((mode) => this.#choice(mode, signal));
    const choose = h(
      "div",
      { class: "presets", role: "group", "aria-label": "How" },
      ...this.#choices,
    );
    const cancel = button("Cancel", { "data-action": `${role}-cancel` });
    const write = h("div", { class: "write" }, this.#input, this.#go, cancel);
    this.element = h("form", { class: "ask", "data-role": `${role}-form` }, choose, write);
    this.element.hidden = true;
    setHidden(choose, modes.length < 2);
    listen(cancel, "click", () => this.close(), signal);
    listen(this.element, "submit", (event) => this.#submit(event), signal);
    listen(this.element, "keydown", (event) => this.#press(event), signal);
    this.#choose(modes[0]);
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  toggle(): void {
    if (this.isOpen) this.close();
    else this.open();
  }

  open(): void {
    setHidden(this.element, false);
    this.#input.focus();
    this.#input.select();
  }

  close(): void {
    setHidden(this.element, true);
  }

  #choice(mode: Mode, signal: AbortSignal): HTMLButtonElement {
    const choice = button(mode.title, { class: "chip", "data-mode": mode.name });
    const pick = () => {
      this.#choose(mode);
      this.#input.focus();
    };
    listen(choice, "click", pick, signal);
    return choice;
  }

  #choose(mode: Mode | undefined): void {
    this.#mode = mode;
    setAttributes(this.#input, { placeholder: mode?.hint ?? null });
    this.#go.textContent = mode?.title ?? "";
    for (const choice of this.#choices) {
      setAttributes(choice, { "aria-pressed": String(choice.dataset.mode === mode?.name) });
    }
  }

  /** It stays open: who sends one message often sends another. */
  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const text = this.#input.value.trim();
    this.#input.focus();
    if (text === "" || this.#mode === undefined) return;
    this.#past = [...this.#past.filter((line) => line !== text), text].slice(-KEPT);
    this.#at = this.#past.length;
    this.#input.select();
    this.#options.ask(this.#mode.name, text);
  }

  #press(event: KeyboardEvent): void {
    if (event.key === "Escape") this.close();
    else if (event.key === "ArrowUp") this.#recall(-1);
    else if (event.key === "ArrowDown") this.#recall(1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #recall(step: number): void {
    this.#at = Math.max(0, Math.min(this.#past.length, this.#at + step));
    this.#input.value = this.#past[this.#at] ?? "";
  }
}
