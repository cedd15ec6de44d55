// Where things stand on the line: pure, numbers in and numbers out. The line is 1000 wide, whatever the page gives it.

import type { Timeline } from "../protocol.ts";

export const WIDTH = 1000;

export function place(timeline: Timeline, at: number): number {
  const length = timeline.end - timeline.start;
  if (length <= 0) return WIDTH;
  return Math.max(0, Math.min(WIDTH, ((at - timeline.start) / length) * WIDTH));
}

export function timeAt(timeline: Timeline, share: number): number {
  const inside = Math.max(0, Math.min(1, share));
  return timeline.start + inside * (timeline.end - timeline.start);
}

/** Heights from 0 to 1. The root of the count: a storm must not make all else vanish. */
export function heights(bars: readonly number[]): readonly number[] {
  const most = Math.max(1, ...bars);
  return bars.map((count) => (count === 0 ? 0 : Math.max(0.08, Math.sqrt(count / most))));
}

/** What a key on the line asks for: how `value` is meant, and the value; null when the key is none of ours. */
export function wish(
  key: string,
  shift: boolean,
): readonly ["by" | "crash" | "event" | "live", number] | null {
  switch (key) {
    case "ArrowLeft":
    case "ArrowDown":
      return ["by", shift ? -10 : -1];
    case "ArrowRight":
    case "ArrowUp":
      return ["by", shift ? 10 : 1];
    case "PageDown":
      return ["by", -50];
    case "PageUp":
      return ["by", 50];
    case "Home":
      return ["event", 0];
    case "End":
    case "Escape":
      return ["live", 0];
    case "n":
    case "N":
      return ["crash", 1];
    case "p":
    case "P":
      return ["crash", -1];
    default:
      return null;
  }
}
