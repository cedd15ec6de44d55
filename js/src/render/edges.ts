// The lines between parents and children, keyed by the child.

import { edgePath } from "../layout/edge.ts";
import type { Scene, Spot } from "../layout/scene.ts";
import { drawnEdges, type Pane } from "../layout/window.ts";
import { setAttributes, svg } from "../lib/dom.ts";
import { type Joined, join } from "../lib/join.ts";
import { isRestarting } from "../store/derive.ts";
import type { Picture } from "../store/picture.ts";

interface Edge {
  readonly parent: Spot;
  readonly child: Spot;
}

export class Edges {
  readonly #lines = svg("g");
  /** Above the lines, since siblings share a trunk: a glow among them would be painted over. */
  readonly #glow = svg("g", { class: "hot" });
  readonly element = svg("svg", { class: "edges", "aria-hidden": "true" }, this.#lines, this.#glow);
  #scene: Scene | null = null;
  #pane: Pane | null = null;
  #hot = 0;
  #edges: readonly Edge[] = [];
  #elements: ReadonlyMap<string, SVGPathElement> = new Map();
  readonly #joinLines = joinEdges(this.#lines);
  readonly #joinGlow = joinEdges(this.#glow);

  update(scene: Scene, pane: Pane, picture: Picture, now: number): void {
    if (scene !== this.#scene || pane !== this.#pane) this.#connect(scene, pane);
    for (const [key, path] of this.#elements) setAttributes(path, { class: mood(picture, key) });
    const hot = this.#edges.filter(({ child }) => isHot(picture, child.key, now));
    this.#hot = hot.length;
    this.#joinGlow(hot);
  }

  /** How many glow. */
  get hot(): number {
    return this.#hot;
  }

  #connect(scene: Scene, pane: Pane): void {
    this.#scene = scene;
    this.#pane = pane;
    this.#edges = drawnEdges(scene, pane).flatMap((child) => {
      const parent = scene.spots.get(child.parent);
      return parent === undefined ? [] : [{ parent, child }];
    });
    this.#elements = this.#joinLines(this.#edges);
    setAttributes(this.element, { width: String(scene.width), height: String(scene.height) });
  }
}

function joinEdges(layer: SVGGElement): Joined<Edge, SVGPathElement> {
  return join<Edge, SVGPathElement>(layer, {
    key: (edge) => edge.child.key,
    create: () => svg("path"),
    update: (path, edge) => draw(path, edgePath(edge.parent, edge.child)),
  });
}

/** As an attribute for every browser, and as a property for those that can move one line into another. */
function draw(path: SVGPathElement, d: string): void {
  if (path.getAttribute("d") === d) return;
  path.setAttribute("d", d);
  path.style.setProperty("d", `path("${d}")`);
}

function mood(picture: Picture, key: string): string | null {
  if (picture.ghosts.has(key)) return "gone";
  return picture.rows.get(key)?.kind === "more" ? "more" : null;
}

function isHot(picture: Picture, key: string, now: number): boolean {
  const row = picture.rows.get(key);
  return row !== undefined && isRestarting(row, now);
}
