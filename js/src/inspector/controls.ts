// What can be done to the selected process: kill, suspend, resume, restart, send.

import type { Actions } from "../actions.ts";
import { h, listen, setAttributes, setHidden } from "../lib/dom.ts";
import { button } from "../panels/button.ts";
import type { CommandName, Row } from "../protocol.ts";
import { AskForm, type Mode } from "./ask.ts";
import { KillForm } from "./kill.ts";

const MODES: readonly Mode[] = [
  { name: "send", title: "Send", hint: '("row", 5)' },
  { name: "call", title: "Call", hint: "add(5)" },
  { name: "cast", title: "Cast", hint: "crash()" },
];

export class Controls {
  readonly #kill = button("Kill…", { class: "danger", "data-action": "kill" });
  readonly #suspend = button("Suspend", { "data-action": "suspend" });
  readonly #resume = button("Resume", { "data-action": "resume" });
  readonly #restart = button("Restart", {
    "data-action": "restart",
    title: "through its supervisor, which does not count it",
  });
  readonly #send = button("Send…", { "data-action": "send" });
  readonly #actions: Actions;
  readonly #killForm: KillForm;
  readonly #askForm: AskForm;
  readonly element: HTMLElement;
  #row: Row | null = null;
  #parent = "";

  constructor(actions: Actions, signal: AbortSignal) {
    this.#actions = actions;
    this.#killForm = new KillForm((reason) => this.#command("kill", { reason }), signal);
    const ask = (name: CommandName, text: string) => this.#command(name, { text });
    this.#askForm = new AskForm({ role: "send", modes: MODES, ask }, signal);
    listen(this.#kill, "click", () => this.#openKill(), signal);
    listen(this.#send, "click", () => this.#askForm.toggle(), signal);
    listen(this.#suspend, "click", () => this.#command("suspend", {}), signal);
    listen(this.#resume, "click", () => this.#command("resume", {}), signal);
    listen(
      this.#restart,
      "click",
      () => this.#command("restart", { parent: this.#parent }),
      signal,
    );
    const all = [this.#kill, this.#suspend, this.#resume, this.#restart, this.#send];
    const buttons = h("div", { class: "buttons" }, ...all);
    const forms = [this.#killForm.element, this.#askForm.element];
    this.element = h("div", { class: "controls" }, ...forms, buttons);
  }

  /** `enabled` is false when nobody is there to be told. */
  update(row: Row, parent: Row | undefined, enabled: boolean): void {
    // The forms are about one process: another selection must not inherit a half-made decision.
    if (this.#row?.key !== row.key) this.#close();
    this.#row = row;
    this.#parent = parent?.pid ?? "";
    const lives = enabled && row.pid !== "" && row.status !== "exited";
    for (const control of [this.#kill, this.#suspend, this.#resume, this.#send])
      control.disabled = !lives;
    this.#restart.disabled = !enabled || this.#parent === "";
    setHidden(this.#suspend, row.status === "suspended");
    setHidden(this.#resume, row.status !== "suspended");
    setHidden(this.element, row.kind === "node" || row.kind === "more");
    setAttributes(this.#kill, { "aria-expanded": String(this.#killForm.isOpen) });
    setAttributes(this.#send, { "aria-expanded": String(this.#askForm.isOpen) });
  }

  #openKill(): void {
    this.#askForm.close();
    this.#killForm.open();
  }

  #close(): void {
    this.#killForm.close();
    this.#askForm.close();
  }

  #command(name: CommandName, args: Readonly<Record<string, string>>): void {
    if (this.#row === null) return;
    const { key, pid } = this.#row;
    this.#actions.command(name, pid, this.#row.name, { ...args, key });
  }
}
