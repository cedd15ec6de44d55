// Which rows a search is about. The kernel looks into folded branches too; until it answers (it may be blocked) the rows
// that are here are searched here.

import type { Row } from "../protocol.ts";
import type { Picture } from "./picture.ts";
import type { State } from "./store.ts";

/** The keys of the hits, or `null` when nothing is searched for. */
export function hits({ picture, ui }: Pick<State, "picture" | "ui">): ReadonlySet<string> | null {
  const { text, total, keys } = ui.search;
  if (text === "") return null;
  if (total !== null) return new Set(keys);
  const here = [...picture.rows.values()].filter((row) => matches(row, text));
  return new Set(here.map((row) => row.key));
}

export function matches(row: Row, text: string): boolean {
  const wanted = text.trim().toLowerCase();
  return [row.name, row.cls, row.pid].some((field) => field.toLowerCase().includes(wanted));
}

/** All keys that are drawn, a parent before its children. */
export function readingOrder(children: Picture["children"]): string[] {
  const order: string[] = [];
  const visit = (parent: string) => {
    for (const key of children.get(parent) ?? []) {
      order.push(key);
      visit(key);
    }
  };
  visit("");
  return order;
}
