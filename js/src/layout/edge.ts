// The line from a parent to a child: out, round a corner, along a trunk that all siblings share, round a corner, in.
// Always the same commands, so that CSS can move one line into another.

import { CARD_HEIGHT, CARD_WIDTH, type Spot } from "./scene.ts";

/** In the middle of a pixel: a hair line on its border is blurred, and darker the more siblings share it. */
const MIDDLE = CARD_HEIGHT / 2 + 0.5;
const TRUNK = 30.5;
const CORNER = 10;

export function edgePath(parent: Spot, child: Spot): string {
  const from = { x: parent.x + CARD_WIDTH, y: parent.y + MIDDLE };
  const to = { x: child.x, y: child.y + MIDDLE };
  const trunk = from.x + TRUNK;
  const rise = to.y - from.y;
  const corner = Math.min(CORNER, Math.abs(rise) / 2) * Math.sign(rise);
  const reach = Math.abs(corner);
  return [
    `M${from.x} ${from.y}`,
    `L${trunk - reach} ${from.y}`,
    `Q${trunk} ${from.y} ${trunk} ${from.y + corner}`,
    `L${trunk} ${to.y - corner}`,
    `Q${trunk} ${to.y} ${trunk + reach} ${to.y}`,
    `L${to.x} ${to.y}`,
  ].join(" ");
}
