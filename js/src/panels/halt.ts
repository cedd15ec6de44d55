// The runtime stands still, takes a step, goes on.

import { h, listen, setAttributes, setHidden, setText } from "../lib/dom.ts";
import type { Frame, Part, PartContext, PartSpec } from "../parts.ts";
import { button } from "./button.ts";

class Halt implements Part {
  readonly #halt = button("", { "data-action": "pause" });
  readonly #step = button("Step", {
    "data-action": "step",
    title: "one message of one process; when nobody has any, the next timer",
  });
  readonly element = h("span", { class: "tool halt" }, this.#halt, this.#step);
  #paused = false;

  constructor({ actions, signal }: PartContext) {
    const turn = () => actions.command(this.#paused ? "continue" : "pause", "", "the runtime");
    listen(this.#halt, "click", turn, signal);
    listen(this.#step, "click", () => actions.command("step", "", "the runtime"), signal);
  }

  update({ state: { picture, timeline } }: Frame): void {
    this.#paused = picture.stats.paused;
    setHidden(this.element, !picture.known || !picture.stats.alive || timeline?.live === false);
    setText(this.#halt, this.#paused ? "▶ Continue" : "❚❚ Pause");
    setAttributes(this.#halt, {
      "data-action": this.#paused ? "continue" : "pause",
      class: this.#paused ? "solid" : null,
      title: this.#paused
        ? "go on; deadlines are as far away as they were"
        : "nothing runs and time stands still",
    });
    setHidden(this.#step, !this.#paused);
  }
}

export const haltTool: PartSpec = {
  id: "halt",
  title: "Pause",
  mount: (context) => new Halt(context),
};
