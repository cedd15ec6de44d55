// The words over the tree while the past is shown, and the way back.

import { h, listen, setHidden, setText } from "../lib/dom.ts";
import { count } from "../lib/format.ts";
import type { Frame, Part, PartContext } from "../parts.ts";
import { button } from "./button.ts";

export class AsOf implements Part {
  readonly #text = h("b", {});
  readonly #back = button("Back to live", { "data-action": "back" });
  readonly element = h(
    "div",
    { class: "asof", role: "status", "data-role": "asof" },
    this.#text,
    this.#back,
  );

  constructor({ actions, signal }: PartContext) {
    listen(this.#back, "click", () => actions.scrub("live"), signal);
  }

  update({ state: { timeline } }: Frame): void {
    const moment = timeline?.moment ?? null;
    setHidden(this.element, moment === null);
    if (moment === null) return;
    setText(this.#text, `as of event ${count(moment.n)}, at ${(moment.at / 1000).toFixed(2)} s`);
    setText(this.#back, timeline?.live === false ? "to the end" : "Back to live");
  }
}
