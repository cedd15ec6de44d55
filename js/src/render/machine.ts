// What a state machine's picture is made of: paths, lines of a label, words. Values in, values out.

import { count, counted } from "../lib/format.ts";
import type { Arrow, Machine, Place } from "../protocol.ts";

/** As layout.py and plot.py have it: the height of a state, and of a label's line. */
export const STATE_HEIGHT = 34;
export const LINE_HEIGHT = 13;

const HEAD = { long: 9, wide: 4 };
const START = { far: 21, near: 3 };

const round = (value: number) => Math.round(value * 10) / 10;

export function keyOf({ source, target }: { source: string; target: string }): string {
  return JSON.stringify([source, target]);
}

/** The line of an arrow, up to its head. */
export function linePath({ curve }: Arrow): string {
  const [ax = 0, ay = 0, bx = 0, by = 0, cx = 0, cy = 0] = curve;
  const [x, y] = towards(bx, by, cx, cy);
  const end = [cx - x * (HEAD.long - 2), cy - y * (HEAD.long - 2)].map(round);
  return `M${ax},${ay} Q${bx},${by} ${end.join()}`;
}

/** The head of an arrow. */
export function headPath({ curve }: Arrow): string {
  const [, , bx = 0, by = 0, cx = 0, cy = 0] = curve;
  return head(bx, by, cx, cy);
}

/** From the dot where a machine begins to its first state. */
export function startPath({ x, y, w }: Place): string {
  const rim = x - w / 2;
  const tip = rim - START.near;
  return `M${round(rim - START.far)},${y} H${round(tip - 7)} ${head(rim - START.far, y, tip, y)}`;
}

function head(fromX: number, fromY: number, tipX: number, tipY: number): string {
  const [x, y] = towards(fromX, fromY, tipX, tipY);
  const corner = (side: number) =>
    [tipX - HEAD.long * x + side * HEAD.wide * y, tipY - HEAD.long * y - side * HEAD.wide * x]
      .map(round)
      .join();
  return `M${tipX},${tipY} L${corner(1)} L${corner(-1)} Z`;
}

function towards(fromX: number, fromY: number, x: number, y: number): readonly [number, number] {
  const far = Math.hypot(x - fromX, y - fromY) || 1;
  return [(x - fromX) / far, (y - fromY) / far];
}

/** A line of a label: a cause, and in the last one how often the transition was taken. */
export interface LabelLine {
  readonly cause: string;
  readonly times: string;
  readonly y: number;
}

export function labelLines({ causes, times, y }: Arrow): readonly LabelLine[] {
  const lines = causes.length > 0 ? causes : [""];
  const top = y + 4 - ((lines.length - 1) * LINE_HEIGHT) / 2;
  return lines.map((cause, index) => ({
    cause,
    times: times > 0 && index === lines.length - 1 ? `×${count(times)}` : "",
    y: round(top + index * LINE_HEIGHT),
  }));
}

/** Those transitions that were taken since an earlier look, by key. A machine that began anew has taken none. */
export function takenSince(before: readonly Arrow[], now: readonly Arrow[]): ReadonlySet<string> {
  const known = new Map(before.map((arrow) => [keyOf(arrow), arrow.times]));
  const more = now.filter((arrow) => arrow.times > (known.get(keyOf(arrow)) ?? 0));
  return new Set(more.map(keyOf));
}

export function lastText({ last }: Machine): string {
  return last === null ? "" : `${last.source} → ${last.target}`;
}

/** The picture in a sentence, for those who do not see it. */
export function sentenceOf({ places, current, last }: Machine): string {
  const names = places.map(({ name }) => name).join(", ");
  const parts = [`${counted(places.length, "state")}: ${names}`];
  if (current !== "") parts.push(`now ${current}`);
  if (last !== null) {
    parts.push(`last from ${last.source} to ${last.target}${last.cause && ` on ${last.cause}`}`);
  }
  return parts.join("; ");
}

/** How far to the right and down the present state is, each from 0 to 1. */
export function presentShare({ places, current, frame }: Machine): readonly [number, number] {
  const [left = 0, top = 0, width = 1, height = 1] = frame;
  const here = places.find(({ name }) => name === current);
  return here === undefined ? [0, 0] : [(here.x - left) / width, (here.y - top) / height];
}

/** The text before the present state's line, that line, and the text after it. */
export function linesAround(text: string): readonly [string, string, string] {
  const [, above = text, here = "", below = ""] = /^(.*?)^( {2}● [^\n]*)(.*)$/ms.exec(text) ?? [];
  return [above, here, below];
}
