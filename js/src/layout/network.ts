// The network between the nodes of a cluster, as arcs in the gutter to the left of them. Pure.

import type { Row, Way } from "../protocol.ts";
import { CARD_HEIGHT, type Scene } from "./scene.ts";

export interface Arc {
  readonly id: string;
  /** Names of the two nodes, the upper one first. */
  readonly a: string;
  readonly b: string;
  /** From a to b. */
  readonly path: string;
  /** Its outermost point. */
  readonly x: number;
  readonly y: number;
  readonly there: Way | undefined;
  readonly back: Way | undefined;
}

/** How far an arc reaches out for each node that it passes by, and at the least. */
const STEP = 20;
const LEAST = 30;
const MOST_STEPS = 5;

const MIDDLE = CARD_HEIGHT / 2;

/** The room that the arcs need; none without a cluster. */
export function gutterFor(roots: readonly string[], rows: ReadonlyMap<string, Row>): number {
  const nodes = roots.filter((key) => rows.get(key)?.kind === "node").length;
  return nodes < 2 ? 0 : LEAST + STEP * Math.min(MOST_STEPS, nodes - 1) + 8;
}

export function nodeKey(name: string): string {
  return `@${name}`;
}

/** One arc for the two ways between two nodes that are both drawn. */
export function arcsOf(network: readonly Way[], scene: Scene): readonly Arc[] {
  const ranks = new Map([...nodesOf(network)].map((name) => [name, rankOf(name, scene)]));
  const arcs = new Map<string, Arc>();
  for (const way of network) {
    const [from, to] = [ranks.get(way.source) ?? -1, ranks.get(way.goal) ?? -1];
    if (from < 0 || to < 0 || from === to) continue;
    const [a, b] = from < to ? [way.source, way.goal] : [way.goal, way.source];
    const id = JSON.stringify([a, b]);
    const arc = arcs.get(id) ?? drawn(id, a, b, Math.abs(to - from), scene);
    arcs.set(id, way.source === a ? { ...arc, there: way } : { ...arc, back: way });
  }
  return [...arcs.values()];
}

function nodesOf(network: readonly Way[]): Set<string> {
  return new Set(network.flatMap(({ source, goal }) => [source, goal]));
}

function rankOf(name: string, scene: Scene): number {
  const spot = scene.spots.get(nodeKey(name));
  return spot === undefined ? -1 : spot.position;
}

function drawn(id: string, a: string, b: string, apart: number, scene: Scene): Arc {
  const [from, to] = [scene.spots.get(nodeKey(a)), scene.spots.get(nodeKey(b))];
  const x = from?.x ?? 0;
  const top = (from?.y ?? 0) + MIDDLE + 5;
  const bottom = (to?.y ?? 0) + MIDDLE - 5;
  const reach = LEAST + STEP * (Math.min(apart, MOST_STEPS) - 1);
  // A cubic whose both handles stand at one distance reaches three quarters of it.
  const handle = x - reach / 0.75;
  const path = `M${x} ${top} C${handle} ${top} ${handle} ${bottom} ${x} ${bottom}`;
  return { id, a, b, path, x: x - reach, y: (top + bottom) / 2, there: undefined, back: undefined };
}

export type LinkState = "open" | "cut" | "half" | "held" | "closed";

/** How the two ways stand together. */
export function linkState({ there, back }: Pick<Arc, "there" | "back">): LinkState {
  const states = [there?.status ?? "open", back?.status ?? "open"];
  const cuts = states.filter((status) => status === "cut").length;
  if (cuts === 2) return "cut";
  if (cuts === 1) return "half";
  if (states.includes("held")) return "held";
  return states.includes("closed") ? "closed" : "open";
}

/** The link in words. */
export function linkLabel({ a, b, there, back }: Arc): string {
  const state = linkState({ there, back });
  const flying = (there?.flying ?? 0) + (back?.flying ?? 0);
  const words = {
    open: "open",
    cut: "cut",
    half: there?.status === "cut" ? `cut from ${a} to ${b}` : `cut from ${b} to ${a}`,
    held: "held back",
    closed: "not connected",
  };
  return `${a} – ${b}: ${words[state]}${flying > 0 ? `, ${flying} in flight` : ""}`;
}
