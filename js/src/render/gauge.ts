// What stands in the corner of a card: a supervisor's restart budget as a ring, else the line of the rate, if there is any.

import { h } from "../lib/dom.ts";
import type { Intensity } from "../store/derive.ts";
import { Ring } from "./ring.ts";
import { Spark } from "./spark.ts";

export class Gauge {
  readonly #place: (element: HTMLElement) => void;
  #ring: Ring | null = null;
  #spark: Spark | null = null;
  #element: HTMLElement | null = null;

  constructor(place: (element: HTMLElement) => void) {
    this.#place = place;
  }

  update(intensity: Intensity | null, history: readonly number[] | undefined): void {
    if (intensity !== null) this.#showRing(intensity);
    this.#ring?.element.toggleAttribute("hidden", intensity === null);
    const sparks = intensity === null && history !== undefined;
    if (sparks) this.#showSpark(history);
    this.#spark?.element.toggleAttribute("hidden", !sparks);
  }

  #showRing(intensity: Intensity): void {
    if (this.#ring === null) {
      this.#ring = new Ring();
      this.#box().append(this.#ring.element);
    }
    this.#ring.update(intensity);
  }

  #showSpark(history: readonly number[]): void {
    if (this.#spark === null) {
      this.#spark = new Spark();
      this.#box().append(this.#spark.element);
    }
    this.#spark.update(history);
  }

  #box(): HTMLElement {
    if (this.#element === null) {
      this.#element = h("span", { class: "gauge" });
      this.#place(this.#element);
    }
    return this.#element;
  }
}
