// The states of the selected machine: the present one lit, and the way that it just went. The kernel says where all stands.

import { h, setAttributes, setHidden, setText } from "../lib/dom.ts";
import type { Details, Machine } from "../protocol.ts";
import { Diagram } from "../render/diagram.ts";
import { lastText, linesAround, presentShare, sentenceOf } from "../render/machine.ts";

export class MachinePanel {
  readonly #diagram = new Diagram();
  /** It can be scrolled, so a keyboard must be able to reach it. */
  readonly #stage = h(
    "div",
    { class: "stage", role: "img", tabindex: "0", "data-role": "machine" },
    this.#diagram.element,
  );
  readonly #way = h("b");
  readonly #cause = h("span");
  readonly #last = h(
    "p",
    { class: "last", "data-role": "last" },
    h("span", { class: "dash", "aria-hidden": "true" }),
    this.#way,
    this.#cause,
  );
  readonly #above = h("span");
  readonly #here = h("b");
  readonly #below = h("span");
  readonly #text = h(
    "pre",
    { tabindex: "0", "data-role": "machine-text" },
    this.#above,
    this.#here,
    this.#below,
  );
  readonly #twin = h("details", { class: "twin" }, h("summary", {}, "As text"), this.#text);
  readonly element = h(
    "section",
    { class: "machine" },
    h("h4", {}, "States"),
    this.#stage,
    this.#last,
    this.#twin,
  );
  #machine: Machine | null | undefined;
  #pid = "";

  update(details: Details | null): void {
    const machine = details?.machine ?? null;
    if (machine === this.#machine) return;
    setHidden(this.element, machine === null);
    if (details?.pid !== this.#pid) this.#diagram.forget();
    this.#pid = details?.pid ?? "";
    this.#machine = machine;
    if (machine === null) return;
    this.#picture(machine);
    this.#caption(machine);
    this.#lines(machine);
  }

  #picture(machine: Machine): void {
    setHidden(this.#stage, machine.places.length === 0);
    if (machine.places.length === 0) return;
    const moved = this.#stage.getAttribute("data-current") !== machine.current;
    setAttributes(this.#stage, {
      "aria-label": sentenceOf(machine),
      "data-current": machine.current,
    });
    this.#diagram.update(machine);
    if (moved) this.#show(machine);
  }

  /** Brings the present state of a large picture into sight once; after that the reader may scroll away from it. */
  #show(machine: Machine): void {
    const { scrollWidth, clientWidth, scrollHeight, clientHeight } = this.#stage;
    if (scrollWidth <= clientWidth && scrollHeight <= clientHeight) return;
    const [right, down] = presentShare(machine);
    const [left, top] = [
      right * scrollWidth - clientWidth / 2,
      down * scrollHeight - clientHeight / 2,
    ];
    this.#stage.scrollTo({ left, top });
  }

  #caption(machine: Machine): void {
    setHidden(this.#last, machine.last === null);
    setText(this.#way, lastText(machine));
    setText(this.#cause, machine.last?.cause ? `on ${machine.last.cause}` : "");
  }

  /** The twin of the picture; where there is none, it is all there is, and follows the present state. */
  #lines(machine: Machine): void {
    const alone = machine.places.length === 0;
    const [above, here, below] = linesAround(machine.text);
    setText(this.#above, above);
    setText(this.#here, here);
    setText(this.#below, below);
    if (alone !== this.#twin.hasAttribute("data-alone")) {
      this.#twin.toggleAttribute("data-alone", alone);
      this.#twin.open = alone;
    }
    if (alone) this.#text.scrollTop = this.#here.offsetTop - this.#text.clientHeight / 2;
  }
}
