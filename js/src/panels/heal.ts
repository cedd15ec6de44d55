// What is cut between the nodes of a cluster, and the button that opens all ways again.

import { h, listen, setAttributes, setHidden, setText } from "../lib/dom.ts";
import { counted } from "../lib/format.ts";
import type { Frame, Part, PartContext, PartSpec } from "../parts.ts";
import { button } from "./button.ts";

class Heal implements Part {
  readonly #cuts = h("span", { class: "stat", "data-stat": "cuts" });
  readonly #heal = button("Heal", {
    "data-action": "heal",
    title: "open all ways between the nodes again",
  });
  readonly element = h("span", { class: "tool" }, this.#cuts, this.#heal);

  constructor({ actions, signal }: PartContext) {
    listen(this.#heal, "click", () => actions.command("heal", "", "the network"), signal);
  }

  update({ state: { picture } }: Frame): void {
    const { cuts } = picture.stats;
    setHidden(this.element, !picture.known || cuts.length === 0);
    setText(this.#cuts, cutsText(cuts));
    setAttributes(this.#cuts, { title: cuts.join("\n") });
  }
}

/** One cut is told in full, several are counted. */
function cutsText(cuts: readonly string[]): string {
  return cuts.length === 1 ? `cut: ${cuts[0]}` : counted(cuts.length, "cut");
}

export const healTool: PartSpec = {
  id: "heal",
  title: "Heal",
  mount: (context) => new Heal(context),
};
