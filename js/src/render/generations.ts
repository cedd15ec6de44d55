// The dead generations of a slot: outlines behind the living card that fade, and above it the reason of the last one.

import { h, setClass, setHidden, setText } from "../lib/dom.ts";
import { ago } from "../lib/format.ts";
import { type Joined, join } from "../lib/join.ts";
import type { Exit, Row } from "../protocol.ts";
import { freshExits, GENERATION_MS, isNormal } from "../store/derive.ts";
import type { Ghost } from "../store/ghosts.ts";

interface Parts {
  readonly label: HTMLElement;
  readonly reason: HTMLElement;
  readonly time: HTMLElement;
  readonly join: Joined<Exit, HTMLElement>;
}

export class Generations {
  readonly #place: (element: HTMLElement) => void;
  #parts: Parts | null = null;
  #now = 0;

  /** `place` puts an element before the card; nothing is made for a row that nobody died in. */
  constructor(place: (element: HTMLElement) => void) {
    this.#place = place;
  }

  /** True when it looks otherwise a moment later, without a word of the kernel. */
  update(row: Row, ghost: Ghost | undefined, now: number): boolean {
    this.#now = now;
    const exits = freshExits(row, now);
    const last = ghost ?? exits[0];
    if (last === undefined && this.#parts === null) return false;
    this.#parts ??= this.#make();
    this.#parts.join(ghost === undefined ? exits : []);
    setHidden(this.#parts.label, last === undefined);
    if (last !== undefined) tell(this.#parts, last, now);
    return last !== undefined;
  }

  #make(): Parts {
    const outlines = h("span", { class: "generations", "aria-hidden": "true" });
    const [reason, time] = [h("span", { class: "reason" }), h("span", { class: "age" })];
    const label = h("span", { class: "ended", "aria-hidden": "true" }, reason, time);
    for (const element of [outlines, label]) this.#place(element);
    const joined = join<Exit, HTMLElement>(outlines, {
      key: (exit) => `${exit.pid} ${exit.at}`,
      create: (exit) => outline(this.#now - exit.at, isNormal(exit.reason)),
      update: () => {},
    });
    return { label, reason, time, join: joined };
  }
}

function tell(
  { label, reason, time }: Parts,
  last: { readonly reason: string; readonly at: number },
  now: number,
): void {
  const normal = isNormal(last.reason);
  setText(reason, `${normal ? "✓" : "✕"} ${last.reason}`);
  setText(time, `· ${ago(now - last.at)}`);
  setClass(label, "normal", normal);
}

/** The animation starts in the middle when the row comes into sight late. */
function outline(age: number, normal: boolean): HTMLElement {
  const element = h("span", { class: normal ? "generation normal" : "generation" });
  element.style.animationDuration = `${GENERATION_MS}ms`;
  element.style.animationDelay = `${-Math.max(0, Math.round(age))}ms`;
  return element;
}
