// Which rows of a large tree are worth an element: those in the window, with some air around it. Pure.

import { CARD_HEIGHT, CARD_WIDTH, type Scene, type Spot } from "./scene.ts";

/** A rectangle of the canvas. */
export interface Pane {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A tree of so many rows is drawn whole, whatever is in the window: a screen reader then walks through all of it. */
export const WHOLE = 60;

/** Of a larger one this much around the window is drawn, so that a scroll finds it there. */
export const AIR = 260;

export function grown({ left, top, right, bottom }: Pane, by: number): Pane {
  return { left: left - by, top: top - by, right: right + by, bottom: bottom + by };
}

export function within(inner: Pane, outer: Pane): boolean {
  return (
    inner.left >= outer.left &&
    inner.top >= outer.top &&
    inner.right <= outer.right &&
    inner.bottom <= outer.bottom
  );
}

export function touches({ x, y }: Spot, pane: Pane): boolean {
  return (
    x + CARD_WIDTH >= pane.left &&
    x <= pane.right &&
    y + CARD_HEIGHT >= pane.top &&
    y <= pane.bottom
  );
}

/** The rows to draw, in reading order; `always` are drawn wherever they are. */
export function drawnSpots(scene: Scene, pane: Pane, always: ReadonlySet<string>): readonly Spot[] {
  const spots = [...scene.spots.values()];
  if (spots.length <= WHOLE) return spots;
  return spots.filter((spot) => touches(spot, pane) || always.has(spot.key));
}

/** The edges to draw, by the child: those that may cross the pane. Siblings share a trunk: the last one draws it. */
export function drawnEdges(scene: Scene, pane: Pane): readonly Spot[] {
  const children = [...scene.spots.values()].filter((spot) => scene.spots.has(spot.parent));
  if (scene.spots.size <= WHOLE) return children;
  return children.filter((child) => {
    const parent = scene.spots.get(child.parent);
    if (parent === undefined || child.x < pane.left || parent.x > pane.right) return false;
    const inRow = child.y + CARD_HEIGHT >= pane.top && child.y <= pane.bottom;
    const outermost = child.position === 1 || child.position === child.siblings;
    return inRow || (outermost && crosses(parent, child, pane));
  });
}

function crosses(parent: Spot, child: Spot, pane: Pane): boolean {
  const [top, bottom] = [Math.min(parent.y, child.y), Math.max(parent.y, child.y)];
  return bottom + CARD_HEIGHT >= pane.top && top <= pane.bottom;
}
