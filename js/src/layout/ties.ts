// Links and monitors of the selected process, as curves between cards. Pure.

import type { Details, Row } from "../protocol.ts";
import { rowFor } from "../store/lookup.ts";
import { CARD_HEIGHT, CARD_WIDTH, type Scene, type Spot } from "./scene.ts";

export interface TieLine {
  readonly id: string;
  readonly kind: "link" | "monitor" | "monitored";
  readonly path: string;
  readonly x: number;
  readonly y: number;
}

const MOST = 40;

/** Those whose both ends are drawn. What the tree itself says (parent and child are linked) is not said twice. */
export function tieLines(
  scene: Scene,
  rows: ReadonlyMap<string, Row>,
  details: Details | null,
): readonly TieLine[] {
  const from = details === null ? undefined : scene.spots.get(details.key);
  if (details === null || details.ties === null || from === undefined) return [];
  const { links, monitors, monitored_by } = details.ties;
  const line = (kind: TieLine["kind"], pid: string): readonly TieLine[] => {
    const to = scene.spots.get(rowFor({ rows }, pid)?.key ?? "");
    if (to === undefined || to === from) return [];
    if (kind === "link" && (to.parent === from.key || from.parent === to.key)) return [];
    return [{ id: `${kind} ${to.key}`, kind, ...curve(from, to) }];
  };
  return [
    ...links.flatMap(({ pid }) => line("link", pid)),
    ...monitors.flatMap(({ pid }) => line("monitor", pid)),
    ...monitored_by.flatMap(({ pid }) => line("monitored", pid)),
  ].slice(0, MOST);
}

/** Across to another column, or, between cards that stand above each other, out of their right sides and back. */
function curve(from: Spot, to: Spot): Pick<TieLine, "path" | "x" | "y"> {
  if (to.x > from.x + CARD_WIDTH) return across(from, to);
  if (from.x > to.x + CARD_WIDTH) return across(to, from);
  const start = { x: from.x + CARD_WIDTH, y: from.y + CARD_HEIGHT / 2 };
  const end = { x: to.x + CARD_WIDTH, y: to.y + CARD_HEIGHT / 2 };
  const out = Math.max(start.x, end.x) + 44 + Math.min(90, Math.abs(end.y - start.y) * 0.12);
  const path = `M${start.x} ${start.y} C${out} ${start.y} ${out} ${end.y} ${end.x} ${end.y}`;
  return { path, x: (start.x + end.x) / 8 + (out * 3) / 4, y: (start.y + end.y) / 2 };
}

function across(left: Spot, right: Spot): Pick<TieLine, "path" | "x" | "y"> {
  const start = { x: left.x + CARD_WIDTH, y: left.y + CARD_HEIGHT / 2 + 9 };
  const end = { x: right.x, y: right.y + CARD_HEIGHT / 2 + 9 };
  const middle = (start.x + end.x) / 2;
  const path = `M${start.x} ${start.y} C${middle} ${start.y} ${middle} ${end.y} ${end.x} ${end.y}`;
  return { path, x: end.x - 24, y: end.y - 8 };
}
