// The state of the selected process: of a machine its states as a picture, a copy of its data to unfold, search and change,
// and why the last one ended.

import { h, listen, setHidden, setText } from "../lib/dom.ts";
import { button } from "../panels/button.ts";
import type { Part, PartContext, PartSpec } from "../parts.ts";
import { AskForm } from "./ask.ts";
import type { InspectorFrame } from "./frame.ts";
import { MachinePanel } from "./machine.ts";
import { Values } from "./values.ts";
import { Why } from "./why.ts";

/** From so many values on a search is worth its room. */
const MANY = 4;

class StateTab implements Part<InspectorFrame> {
  readonly #machine = new MachinePanel();
  readonly #search = h("input", {
    type: "search",
    class: "filter",
    placeholder: "Search the state",
    "aria-label": "Search the state",
    "data-role": "state-search",
    spellcheck: "false",
  });
  readonly #change = button("Change…", { class: "quiet", "data-action": "put-state" });
  readonly #bar = h("div", { class: "bar" }, this.#search, this.#change);
  readonly #values: Values;
  readonly #none = h("p", { class: "empty" });
  readonly #nobody = h("p", { class: "empty" });
  readonly #form: AskForm;
  readonly #data: HTMLElement;
  readonly #why = new Why("Why it ended", "exits");
  readonly element: HTMLElement;
  #frame: InspectorFrame | null = null;

  constructor({ actions, signal }: PartContext) {
    this.#values = new Values("state", signal);
    this.#form = new AskForm(
      {
        role: "put-state",
        modes: [{ name: "put_state", title: "Change", hint: "n = 5" }],
        ask: (name, text) => {
          const row = this.#frame?.row;
          if (row !== undefined) actions.command(name, row.pid, row.name, { text, key: row.key });
        },
      },
      signal,
    );
    this.#data = h("section", {}, this.#bar, this.#form.element, this.#values.element, this.#none);
    const parts = [this.#machine.element, this.#nobody, this.#data, this.#why.element];
    this.element = h("div", { class: "body" }, ...parts);
    listen(this.#change, "click", () => this.#form.toggle(), signal);
    listen(this.#search, "input", () => this.#draw(), signal);
    listen(this.#search, "keydown", (event) => this.#press(event), signal);
  }

  update(frame: InspectorFrame): void {
    if (frame.row.key !== this.#frame?.row.key) this.#begin();
    this.#frame = frame;
    this.#machine.update(frame.details);
    this.#draw();
    this.#why.update(frame.row, frame.details?.exits ?? null, frame.now);
  }

  /** Another process: neither the search nor a half-written change is about it. */
  #begin(): void {
    this.#search.value = "";
    this.#form.close();
  }

  #draw(): void {
    const state = this.#frame?.details?.state ?? null;
    setText(this.#nobody, nobodyText(this.#frame));
    setHidden(this.#nobody, this.#nobody.textContent === "");
    setHidden(this.#data, state === null);
    if (state === null) return;
    setHidden(this.#search, state.values.length < MANY && this.#search.value === "");
    setHidden(this.#change, state.values.length === 0 || this.#form.isOpen);
    this.#values.update(state.values, this.#search.value);
    const none =
      state.values.length > 0 && this.#values.element.hidden ? "nothing found" : state.what;
    setText(this.#none, none);
    setHidden(this.#none, none === "");
  }

  #press(event: KeyboardEvent): void {
    if (event.key !== "Escape" || this.#search.value === "") return;
    event.preventDefault();
    this.#search.value = "";
    this.#draw();
  }
}

/** Why there is no state to be shown, when the kernel has spoken. */
function nobodyText(frame: InspectorFrame | null): string {
  if (frame === null || frame.details === null || frame.details.state !== null) return "";
  if (frame.row.kind === "node") return `A node of the cluster: ${frame.row.sub}.`;
  return frame.details.pid === "" ? "Nobody lives here now." : "";
}

export const stateTab: PartSpec<InspectorFrame> = {
  id: "state",
  title: "State",
  mount: (context) => new StateTab(context),
};
