// The ring on a supervisor: how much of its restart budget is used up inside the window. It empties as time passes.

import { setAttributes, setClass, svg } from "../lib/dom.ts";
import { type Intensity, intensityText } from "../store/derive.ts";

const RADIUS = 6.5;
const AROUND = 2 * Math.PI * RADIUS;

/** The dash pattern that draws this share of the circle. */
export function ringDash({ used, max }: Intensity): string {
  const share = max > 0 ? Math.min(1, used / max) : Math.min(1, used);
  return `${(share * AROUND).toFixed(2)} ${AROUND.toFixed(2)}`;
}

export class Ring {
  readonly #title = svg("title");
  readonly #arc = svg("circle", { class: "used", ...circle() });
  readonly element = svg(
    "svg",
    { class: "ring", viewBox: "0 0 18 18", "aria-hidden": "true" },
    this.#title,
    svg("circle", { class: "track", ...circle() }),
    this.#arc,
  );

  update(intensity: Intensity): void {
    const title = `${intensityText(intensity)}: restarts used before it gives up`;
    if (this.#title.textContent !== title) this.#title.textContent = title;
    setAttributes(this.#arc, { "stroke-dasharray": ringDash(intensity) });
    setClass(this.element, "full", intensity.used > 0 && intensity.used >= intensity.max);
    setClass(this.element, "idle", intensity.used === 0);
  }
}

function circle(): Record<string, string> {
  // From twelve o'clock on, as a clock is read.
  return { cx: "9", cy: "9", r: String(RADIUS), transform: "rotate(-90 9 9)" };
}
