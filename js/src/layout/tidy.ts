// A tidy tree from left to right, after Reingold and Tilford: subtrees are packed by their contours (the outermost row in
// each column), so that they never overlap and the same tree always gets the same picture.
//
// Written here instead of taken from d3-hierarchy for one rule that it lacks: a parent stands at the middle of its children
// only while they are few. Above a family of fifty it leads: it stays near the top, where the reader begins.

export interface Place {
  /** Column, 0 for a root. */
  readonly depth: number;
  /** In rows: 1 is the distance of two siblings. */
  readonly y: number;
}

export interface TidyOptions {
  /** Rows between cousins, that is neighbours in a column with different parents. */
  readonly cousins: number;
  /** A parent stands at most so many rows below the top of all that is below it (or level with its first child). */
  readonly lead: number;
}

/** Outermost y in each column, counted from the subtree's own column. */
interface Contour {
  readonly top: number[];
  readonly bottom: number[];
}

interface Block {
  readonly key: string;
  readonly children: readonly Block[];
  readonly contour: Contour;
  /** Below (or above, if negative) its parent. */
  offset: number;
}

type Children = ReadonlyMap<string, readonly string[]>;

/** Places every node below `root`, which itself is not drawn. The topmost row has y 0. */
export function tidy(children: Children, root: string, options: TidyOptions): Map<string, Place> {
  const forest = blockOf(root, children, options);
  const places = new Map<string, Place>();
  const top = Math.min(...forest.contour.top.slice(1));
  for (const block of forest.children) put(block, 0, block.offset - top, places);
  return places;
}

function put(block: Block, depth: number, y: number, places: Map<string, Place>): void {
  places.set(block.key, { depth, y });
  for (const child of block.children) put(child, depth + 1, y + child.offset, places);
}

function blockOf(key: string, children: Children, options: TidyOptions): Block {
  const blocks = (children.get(key) ?? []).map((child) => blockOf(child, children, options));
  const family = stacked(blocks, options);
  const lead = leadOf(blocks, family, options);
  for (const block of blocks) block.offset -= lead;
  const fromHere = (edge: readonly number[]) => [0, ...edge.map((y) => y - lead)];
  const contour = { top: fromHere(family.top), bottom: fromHere(family.bottom) };
  return { key, children: blocks, contour, offset: 0 };
}

/** How far below its first child the parent stands. */
function leadOf(blocks: readonly Block[], family: Contour, { lead }: TidyOptions): number {
  const middle = (blocks.at(-1)?.offset ?? 0) / 2;
  const above = -Math.min(0, ...family.top);
  return Math.min(middle, Math.max(0, lead - above));
}

/** Sets each block's offset from the first one, as near as the contours let it, and gives the contour of them all. */
function stacked(blocks: readonly Block[], { cousins }: TidyOptions): Contour {
  const family: Contour = { top: [], bottom: [] };
  for (const block of blocks) {
    block.offset = clearance(family.bottom, block.contour.top, cousins);
    widen(family, block);
  }
  return family;
}

/** How far down a block must go to clear what is above it in every column that both have. */
function clearance(above: readonly number[], top: readonly number[], cousins: number): number {
  const shared = Math.min(above.length, top.length);
  let offset = 0;
  for (let depth = 0; depth < shared; depth += 1) {
    const gap = depth === 0 ? 1 : cousins;
    offset = Math.max(offset, (above[depth] ?? 0) + gap - (top[depth] ?? 0));
  }
  return offset;
}

function widen(family: Contour, { contour, offset }: Block): void {
  contour.bottom.forEach((y, depth) => {
    family.bottom[depth] = y + offset;
  });
  contour.top.forEach((y, depth) => {
    family.top[depth] = Math.min(family.top[depth] ?? Number.POSITIVE_INFINITY, y + offset);
  });
}
