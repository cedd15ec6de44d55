// A tree of values as the lines that are to be seen: what is unfolded, or, while something is searched for, what leads to it.

import type { Value } from "../protocol.ts";

export interface ValueLine {
  /** The names from the top down; stays the same while the value changes. */
  readonly path: string;
  readonly depth: number;
  readonly value: Value;
  readonly branch: boolean;
  readonly open: boolean;
  readonly hit: boolean;
}

const BETWEEN = "\u0000";

export function valueLines(
  values: readonly Value[],
  open: ReadonlySet<string>,
  search: string,
): readonly ValueLine[] {
  const wanted = search.trim().toLowerCase();
  if (wanted === "") return flat(values, (path) => open.has(path), "");
  return flat(leading(values, wanted), () => true, wanted);
}

function flat(
  values: readonly Value[],
  isOpen: (path: string) => boolean,
  wanted: string,
  above = "",
  depth = 0,
): readonly ValueLine[] {
  return values.flatMap((value) => {
    const path = above + BETWEEN + value.name;
    const branch = value.parts.length > 0;
    const open = branch && isOpen(path);
    const hit = wanted !== "" && says(value, wanted);
    const below = open ? flat(value.parts, isOpen, wanted, path, depth + 1) : [];
    return [{ path, depth, value, branch, open, hit }, ...below];
  });
}

/** Only what says the word, and what leads to it. */
function leading(values: readonly Value[], wanted: string): readonly Value[] {
  return values.flatMap((value) => {
    const parts = leading(value.parts, wanted);
    return parts.length > 0 || says(value, wanted) ? [{ ...value, parts }] : [];
  });
}

function says({ name, text, parts }: Value, wanted: string): boolean {
  if (name.toLowerCase().includes(wanted)) return true;
  return parts.length === 0 && text.toLowerCase().includes(wanted);
}
