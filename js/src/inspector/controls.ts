// What can be done to the selected process: kill, suspend, resume.

import type { Actions } from "../actions.ts";
import { h, listen, setAttributes, setHidden } from "../lib/dom.ts";
import { button } from "../panels/button.ts";
import type { Row } from "../protocol.ts";
import { KillForm } from "./kill.ts";

export class Controls {
  readonly #kill = button("Kill…", {
    class: "danger",
    "data-action": "kill",
    "aria-haspopup": "true",
  });
  readonly #suspend = button("Suspend", { "data-action": "suspend" });
  readonly #resume = button("Resume", { "data-action": "resume" });
  readonly #form: KillForm;
  readonly element: HTMLElement;
  #row: Row | null = null;

  constructor(actions: Actions, signal: AbortSignal) {
    const send = (name: "suspend" | "resume") => () => {
      if (this.#row !== null) actions.command(name, this.#row.pid, this.#row.name);
    };
    const kill = (reason: string) => {
      if (this.#row !== null) actions.command("kill", this.#row.pid, this.#row.name, { reason });
    };
    this.#form = new KillForm(kill, signal);
    listen(this.#kill, "click", () => this.#toggle(), signal);
    listen(this.#suspend, "click", send("suspend"), signal);
    listen(this.#resume, "click", send("resume"), signal);
    const buttons = h("div", { class: "buttons" }, this.#kill, this.#suspend, this.#resume);
    this.element = h("div", { class: "controls" }, this.#form.element, buttons);
  }

  /** `enabled` is false when nobody is there to be told. */
  update(row: Row, enabled: boolean): void {
    // The form is about one process: another selection must not inherit a half-made decision.
    if (this.#row?.key !== row.key) this.#form.close();
    this.#row = row;
    const lives = enabled && row.pid !== "" && row.status !== "exited";
    for (const control of [this.#kill, this.#suspend, this.#resume]) control.disabled = !lives;
    setHidden(this.#suspend, row.status === "suspended");
    setHidden(this.#resume, row.status !== "suspended");
    setAttributes(this.#kill, { "aria-expanded": String(this.#form.isOpen) });
  }

  #toggle(): void {
    if (this.#form.isOpen) this.#form.close();
    else this.#form.open();
  }
}
