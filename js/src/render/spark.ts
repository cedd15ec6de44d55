// The sparkline of a row's rate: how much, lately. Each is scaled to its own highest sample; a tooltip has the number.

import { svg } from "../lib/dom.ts";
import { SAMPLES_KEPT } from "../store/rates.ts";

const WIDTH = 46;
const HEIGHT = 13;

/** The points of the line, newest at the right edge. */
export function sparkPoints(history: readonly number[]): string {
  const highest = Math.max(...history, Number.MIN_VALUE);
  const step = WIDTH / (SAMPLES_KEPT - 1);
  const left = WIDTH - (history.length - 1) * step;
  const point = (value: number, index: number) => {
    const x = left + index * step;
    const y = HEIGHT - 1 - (value / highest) * (HEIGHT - 2);
    return `${x.toFixed(1)},${y.toFixed(1)}`;
  };
  return history.map(point).join(" ");
}

export class Spark {
  readonly #line = svg("polyline");
  readonly element = svg(
    "svg",
    { class: "spark", width: String(WIDTH), height: String(HEIGHT), "aria-hidden": "true" },
    this.#line,
  );
  #drawn: readonly number[] | undefined;

  update(history: readonly number[] | undefined): void {
    if (history === this.#drawn) return;
    this.#drawn = history;
    this.#line.setAttribute("points", sparkPoints(history ?? []));
  }
}
