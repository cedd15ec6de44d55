// The state of the selected process: of a machine its states as a picture, a copy of its data, and why the last one ended.

import { h, setHidden, setText } from "../lib/dom.ts";
import type { Part, PartSpec } from "../parts.ts";
import type { InspectorFrame } from "./frame.ts";
import { MachinePanel } from "./machine.ts";
import { Why } from "./why.ts";

class StateTab implements Part<InspectorFrame> {
  readonly #machine = new MachinePanel();
  readonly #text = h("pre", { class: "state", "data-role": "state", tabindex: "0" });
  readonly #data = h("section", {}, this.#text);
  readonly #why = new Why("Why it ended", "exits");
  readonly element = h(
    "div",
    { class: "body" },
    this.#machine.element,
    this.#data,
    this.#why.element,
  );

  update({ row, details, now }: InspectorFrame): void {
    this.#machine.update(details);
    setHidden(this.#data, details === null || details.state === "");
    setText(this.#text, details?.state ?? "");
    this.#why.update(row, details?.exits ?? null, now);
  }
}

export const stateTab: PartSpec<InspectorFrame> = {
  id: "state",
  title: "State",
  mount: () => new StateTab(),
};
