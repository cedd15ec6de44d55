// From the picture to what is drawn where: rows in reading order, each with its place in pixels. Pure, and worked out anew
// only when the tree changes its form, not when a number on a card does.

import type { Picture } from "../store/picture.ts";
import { tidy } from "./tidy.ts";

export const CARD_WIDTH = 224;
export const CARD_HEIGHT = 46;

/** Wide enough for the elbows of the edges and the button that folds a branch. */
const COLUMN = CARD_WIDTH + 52;

/** The space above a card holds its dead generations and their reason, so that a crash moves nothing. */
const ROW = CARD_HEIGHT + 22;

const MARGIN = { x: 24, top: 34, bottom: 24 };

const TIDY = { cousins: 1.25, lead: 3 };

export interface Spot {
  readonly key: string;
  readonly parent: string;
  readonly x: number;
  readonly y: number;
  /** From 1, as ARIA counts. */
  readonly level: number;
  readonly position: number;
  readonly siblings: number;
}

export interface Scene {
  /** In reading order: a parent before its children. */
  readonly spots: ReadonlyMap<string, Spot>;
  readonly width: number;
  readonly height: number;
}

export const EMPTY_SCENE: Scene = { spots: new Map(), width: 0, height: 0 };

/** `gutter` is kept free to the left of the roots: the network between nodes is drawn there. */
export function sceneOf(children: Picture["children"], gutter = 0): Scene {
  const spots = new Map<string, Spot>();
  let right = 0;
  let bottom = 0;
  for (const [key, place] of tidy(children, "", TIDY)) {
    const x = MARGIN.x + gutter + place.depth * COLUMN;
    const y = Math.round(MARGIN.top + place.y * ROW);
    spots.set(key, { key, parent: "", x, y, level: place.depth + 1, position: 1, siblings: 1 });
    right = Math.max(right, x + CARD_WIDTH);
    bottom = Math.max(bottom, y + CARD_HEIGHT);
  }
  for (const [parent, keys] of children) seat(parent, keys, spots);
  return { spots, width: right + MARGIN.x, height: bottom + MARGIN.bottom };
}

/** Notes who the parent is and which of how many siblings. */
function seat(parent: string, keys: readonly string[], spots: Map<string, Spot>): void {
  keys.forEach((key, index) => {
    const spot = spots.get(key);
    if (spot === undefined) return;
    spots.set(key, { ...spot, parent, position: index + 1, siblings: keys.length });
  });
}
