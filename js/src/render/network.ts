// The network of a cluster beside the tree: an arc a link, dots for what travels on it, and a menu that cuts and mends it.
// The menu opens by a click on an arc, by Enter, or by dragging one node onto another.

import type { Actions } from "../actions.ts";
import { type Arc, arcsOf, linkLabel, linkState } from "../layout/network.ts";
import type { Scene } from "../layout/scene.ts";
import { listen, setAttributes, setText, svg } from "../lib/dom.ts";
import { join } from "../lib/join.ts";
import type { Way } from "../protocol.ts";
import type { Picture } from "../store/picture.ts";
import { LinkMenu } from "./linkmenu.ts";

/** More dots than this on one way say no more. */
const DOTS = 4;

/** A pointer that has moved so far drags. */
const DRAG = 8;

class Link {
  readonly #hit = svg("path", { class: "hit" });
  readonly #line = svg("path", { class: "line" });
  readonly #dots = svg("g", { class: "dots" });
  readonly #sign = svg("text", { class: "sign" });
  readonly element: SVGGElement;

  constructor(id: string) {
    const attributes = { class: "link", role: "button", tabindex: "0", "aria-haspopup": "menu" };
    const parts = [this.#hit, this.#line, this.#dots, this.#sign];
    this.element = svg("g", { ...attributes, "data-link": id }, ...parts);
  }

  update(arc: Arc): void {
    const state = linkState(arc);
    setAttributes(this.element, { "aria-label": linkLabel(arc), "data-state": state });
    for (const path of [this.#hit, this.#line]) setAttributes(path, { d: arc.path });
    setAttributes(this.#sign, { x: String(arc.x), y: String(arc.y + 4) });
    setText(this.#sign, signOf(arc));
    this.#travel(arc.path, arc.there, arc.back);
  }

  #travel(path: string, there: Way | undefined, back: Way | undefined): void {
    const wanted = [
      ...Array.from({ length: dotsOf(there) }, () => "there"),
      ...Array.from({ length: dotsOf(back) }, () => "back"),
    ];
    while (this.#dots.childElementCount > wanted.length) this.#dots.lastElementChild?.remove();
    while (this.#dots.childElementCount < wanted.length) this.#dots.append(dot());
    wanted.forEach((direction, index) => {
      const element = this.#dots.children[index] as SVGCircleElement;
      setAttributes(element, { "data-way": direction });
      element.style.offsetPath = `path("${path}")`;
      element.style.animationDelay = `${-index * 370}ms`;
    });
  }
}

function dot(): SVGCircleElement {
  return svg("circle", { r: "3" });
}

/** Dots for what is on an open way, a few however much it is. */
export function dotsOf(way: Way | undefined): number {
  if (way === undefined || way.status !== "open") return 0;
  const many = Math.max(way.flying, way.rate);
  return many <= 0 ? 0 : Math.min(DOTS, 1 + Math.floor(Math.log10(Math.max(1, many)) * 1.5));
}

/** What stands on the arc: that it is cut or held, and how much waits or flies. */
export function signOf(arc: Arc): string {
  const flying = (arc.there?.flying ?? 0) + (arc.back?.flying ?? 0);
  const number = flying > 0 ? String(flying) : "";
  switch (linkState(arc)) {
    case "cut":
      return "✕";
    case "half":
      return arc.there?.status === "cut" ? "✕↓" : "✕↑";
    case "held":
      return `‖ ${number}`.trim();
    case "closed":
      return "–";
    default:
      return number;
  }
}

export class NetworkLayer {
  readonly #links = new Map<string, Link>();
  readonly #group = svg("g", { role: "group", "aria-label": "Network" });
  readonly #menu: LinkMenu;
  readonly #items: HTMLElement;
  readonly element = svg("svg", { class: "network" }, this.#group);
  #network: Picture["network"] | null = null;
  #scene: Scene | null = null;
  #arcs: readonly Arc[] = [];

  readonly #join = join<Arc, SVGGElement>(this.#group, {
    key: ({ id }) => id,
    create: ({ id }) => {
      const link = new Link(id);
      this.#links.set(id, link);
      return link.element;
    },
    update: (_, arc) => this.#links.get(arc.id)?.update(arc),
    remove: (id) => this.#links.delete(id),
  });

  constructor(items: HTMLElement, actions: Actions, signal: AbortSignal) {
    this.#items = items;
    this.#menu = new LinkMenu(actions, signal);
    listen(this.element, "click", (event) => this.#open(event), signal);
    listen(this.element, "keydown", (event) => this.#press(event), signal);
    listen(items, "pointerdown", (event) => this.#grab(event), signal);
  }

  get menu(): HTMLElement {
    return this.#menu.element;
  }

  update(scene: Scene, { network }: Picture): void {
    if (network === this.#network && scene === this.#scene) return;
    this.#network = network;
    this.#scene = scene;
    this.#arcs = arcsOf(network, scene);
    this.#join(this.#arcs);
    setAttributes(this.element, { width: String(scene.width), height: String(scene.height) });
    this.#menu.update(this.#arcs);
  }

  #open(event: Event): void {
    const link = event.target instanceof Element ? event.target.closest<SVGElement>(".link") : null;
    const arc = this.#arcs.find(({ id }) => id === link?.dataset.link);
    if (arc !== undefined) this.#menu.open(arc, link);
  }

  #press(event: KeyboardEvent): void {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    this.#open(event);
  }

  /** From one node to another: a line follows the pointer, and the menu of their link opens at the end. */
  #grab(event: PointerEvent): void {
    const from = nodeAt(event.target);
    if (from === null || event.button !== 0 || this.#arcs.length === 0) return;
    const ended = new AbortController();
    const { clientX, clientY } = event;
    const moved = (now: PointerEvent) =>
      Math.hypot(now.clientX - clientX, now.clientY - clientY) > DRAG;
    const mark = (now: PointerEvent) => this.#items.classList.toggle("joining", moved(now));
    const drop = (now: PointerEvent) => {
      ended.abort();
      this.#items.classList.remove("joining");
      if (moved(now)) this.#between(from, nodeAt(under(this.#items, now)));
    };
    listen(this.#items, "pointermove", mark, ended.signal);
    document.addEventListener("pointerup", drop, { signal: ended.signal });
  }

  #between(from: string, to: string | null): void {
    const arc = this.#arcs.find(({ a, b }) => (a === from && b === to) || (a === to && b === from));
    if (arc !== undefined) this.#menu.open(arc, this.#links.get(arc.id)?.element ?? null);
  }
}

function nodeAt(target: EventTarget | null): string | null {
  const row =
    target instanceof Element ? target.closest<HTMLElement>('.row[data-kind="node"]') : null;
  return row?.dataset.name ?? null;
}

function under(inside: HTMLElement, { clientX, clientY }: PointerEvent): Element | null {
  const root = inside.getRootNode();
  return root instanceof ShadowRoot ? root.elementFromPoint(clientX, clientY) : null;
}
