// The form that asks for the reason of a kill: three usual ones to pick, or any Python text.

import { h, listen, setHidden } from "../lib/dom.ts";
import { button } from "../panels/button.ts";

interface Preset {
  readonly reason: string;
  readonly title: string;
}

const PRESETS: readonly Preset[] = [
  { reason: "kill", title: "cannot be trapped: the process ends at once" },
  { reason: "shutdown", title: "as a supervisor stops its child: cleans up, then ends" },
  { reason: "normal", title: "ignored by a process other than itself, unless it traps exits" },
];

export class KillForm {
  readonly #input = h("input", {
    type: "text",
    "data-role": "kill-reason",
    "aria-label": "Reason, as Python text",
    spellcheck: "false",
    autocomplete: "off",
    placeholder: '("shutdown", 1)',
  });
  readonly element: HTMLFormElement;
  readonly #confirm: (reason: string) => void;

  constructor(confirm: (reason: string) => void, signal: AbortSignal) {
    this.#confirm = confirm;
    const presets = PRESETS.map((preset) => this.#preset(preset, signal));
    const go = button("Kill", {
      class: "danger solid",
      type: "submit",
      "data-action": "kill-confirm",
    });
    const cancel = button("Cancel", { "data-action": "kill-cancel" });
    listen(cancel, "click", () => this.close(), signal);
    const label = h("span", { class: "label" }, "Reason");
    const choose = h(
      "div",
      { class: "presets", role: "group", "aria-label": "Usual reasons" },
      label,
      ...presets,
    );
    const write = h("div", { class: "write" }, this.#input, go, cancel);
    this.element = h("form", { class: "kill", "data-role": "kill-form" }, choose, write);
    this.element.hidden = true;
    listen(this.element, "submit", (event) => this.#submit(event), signal);
    listen(this.element, "keydown", (event) => this.#press(event), signal);
  }

  get isOpen(): boolean {
    return !this.element.hidden;
  }

  open(): void {
    this.#input.value = PRESETS[0]?.reason ?? "";
    setHidden(this.element, false);
    this.#input.focus();
    this.#input.select();
  }

  close(): void {
    setHidden(this.element, true);
  }

  #preset({ reason, title }: Preset, signal: AbortSignal): HTMLElement {
    const choice = button(reason, { class: "chip", title, "data-reason": reason });
    const pick = () => {
      this.#input.value = reason;
      this.#input.focus();
    };
    listen(choice, "click", pick, signal);
    return choice;
  }

  #submit(event: SubmitEvent): void {
    event.preventDefault();
    const reason = this.#input.value.trim();
    if (reason === "") {
      this.#input.focus();
      return;
    }
    this.close();
    this.#confirm(reason);
  }

  #press(event: KeyboardEvent): void {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.close();
  }
}
