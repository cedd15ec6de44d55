// Shapes of the sequence diagram: values in, values out. The kernel has laid it out; here lines become paths.

import type { Flight, Stop } from "../protocol.ts";

const LETTER = 6;

const round = (value: number) => Math.round(value * 10) / 10;

function way({ x1, x2 }: Flight): 1 | -1 {
  return x2 >= x1 ? 1 : -1;
}

/** The line of a message; one to the sender itself goes out to the right and back. */
export function flightPath(flight: Flight): string {
  const { x1, y1, x2, y2, loop } = flight;
  if (loop) {
    const half = round((y2 - y1) / 2);
    return `M${x1 + 3},${y1}h22q8,0 8,${half}t-8,${half}h-20`;
  }
  const side = 3 * way(flight);
  return `M${x1 + side},${y1}L${x2 - side},${y2}`;
}

/** Its tip: filled for what is obeyed, open for the rest, a cross for what is lost. */
export function tipPath(flight: Flight): { readonly path: string; readonly filled: boolean } {
  const { x1, y1, x2, y2, loop, end, what } = flight;
  if (loop)
    return { path: `M${x1 + 12},${y2 - 4}L${x1 + 5},${y2}L${x1 + 12},${y2 + 4}`, filled: false };
  const side = way(flight);
  const x = x2 - 3 * side;
  if (end === "lost") return { path: `M${x - 4},${y2 - 4}l8,8m0,-8l-8,8`, filled: false };
  const slope = (y2 - y1) / Math.max(Math.abs(x2 - x1), 1);
  const [backX, backY] = [round(x - 8 * side), round(y2 - 8 * slope)];
  const filled = ["call", "exit", "down"].includes(what);
  const path = `M${backX},${backY - 4}L${x},${y2}L${backX},${backY + 4}${filled ? "z" : ""}`;
  return { path, filled };
}

/** Where the middle of its label stands: above the line, of a steep one near its start, where none cross. */
export function labelPlace(flight: Flight): readonly [number, number] {
  const { x1, y1, x2, y2, loop, label } = flight;
  const half = (label.length * LETTER) / 2;
  if (loop) return [x1 + 29 + half, y1 - 6];
  if (y2 - y1 < 24) return [round((x1 + x2) / 2), round((y1 + y2) / 2 - 6)];
  return [round(x1 + way(flight) * (half + 17)), y1 - 3];
}

const SHAPES: Readonly<Record<Stop["kind"], (x: number, y: number) => string>> = {
  started: (x, y) => `M${x - 4.5},${y}a4.5,4.5 0 1 0 9,0a4.5,4.5 0 1 0 -9,0`,
  restarted: (x, y) => `M${x - 5},${y}a5,5 0 1 0 10,0a5,5 0 1 0 -10,0`,
  exited: (x, y) => `M${x - 7},${y}h14`,
  crashed: (x, y) => `M${x - 5},${y - 5}l10,10m0,-10l-10,10`,
};

/** A ring where a process starts, a dot where its successor does, a bar or a cross where it ends. */
export function stopPath({ kind, x, y }: Stop): string {
  return SHAPES[kind](x, y);
}

/** The step at which the window is to begin after a press; -1 is the end, as it grows. */
export function windowAfter(
  press: "earlier" | "later" | "live",
  first: number,
  steps: number,
  size: number,
): number {
  if (press === "live") return -1;
  const stride = Math.floor((size * 3) / 4);
  if (press === "earlier") return Math.max(0, first - stride);
  return first + stride >= steps - size ? -1 : first + stride;
}
