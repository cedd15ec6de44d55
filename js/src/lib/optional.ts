// A part that few of many elements have: made when it is first shown, so that a thousand plain cards stay small.

import { setHidden } from "./dom.ts";

export class Optional<E extends HTMLElement> {
  readonly #make: () => E;
  readonly #place: (element: E) => void;
  #element: E | null = null;

  constructor(make: () => E, place: (element: E) => void) {
    this.#make = make;
    this.#place = place;
  }

  /** The element, visible. */
  show(): E {
    if (this.#element === null) {
      this.#element = this.#make();
      this.#place(this.#element);
    }
    setHidden(this.#element, false);
    return this.#element;
  }

  hide(): void {
    if (this.#element !== null) setHidden(this.#element, true);
  }
}
