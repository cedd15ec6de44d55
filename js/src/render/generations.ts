// The dead generations of a slot: outlines behind the living card that fade, and above it the reason of the last one.

import { h, setClass, setHidden, setText } from "../lib/dom.ts";
import { ago } from "../lib/format.ts";
import { join } from "../lib/join.ts";
import type { Exit, Row } from "../protocol.ts";
import { freshExits, GENERATION_MS, isNormal } from "../store/derive.ts";
import type { Ghost } from "../store/ghosts.ts";

export class Generations {
  readonly #outlines = h("span", { class: "generations", "aria-hidden": "true" });
  readonly #reason = h("span", { class: "reason" });
  readonly #age = h("span", { class: "age" });
  readonly #label = h("span", { class: "ended", "aria-hidden": "true" }, this.#reason, this.#age);
  #now = 0;
  readonly #join = join<Exit, HTMLElement>(this.#outlines, {
    key: (exit) => `${exit.pid} ${exit.at}`,
    create: (exit) => outline(this.#now - exit.at, isNormal(exit.reason)),
    update: () => {},
  });

  readonly elements: readonly HTMLElement[] = [this.#outlines, this.#label];

  /** True when it looks otherwise a moment later, without a word of the kernel. */
  update(row: Row, ghost: Ghost | undefined, now: number): boolean {
    this.#now = now;
    const exits = freshExits(row, now);
    this.#join(ghost === undefined ? exits : []);
    const last = ghost ?? exits[0];
    setHidden(this.#label, last === undefined);
    if (last !== undefined) this.#tell(last, now);
    return last !== undefined;
  }

  #tell(last: { readonly reason: string; readonly at: number }, now: number): void {
    const normal = isNormal(last.reason);
    setText(this.#reason, `${normal ? "✓" : "✕"} ${last.reason}`);
    setText(this.#age, `· ${ago(now - last.at)}`);
    setClass(this.#label, "normal", normal);
  }
}

/** The animation starts in the middle when the row comes into sight late. */
function outline(age: number, normal: boolean): HTMLElement {
  const element = h("span", { class: normal ? "generation normal" : "generation" });
  element.style.animationDuration = `${GENERATION_MS}ms`;
  element.style.animationDelay = `${-Math.max(0, Math.round(age))}ms`;
  return element;
}
