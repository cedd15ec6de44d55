// All of a large tree at a glance: a dot a row in the colour of its state, and the window as a frame that can be dragged.

import { CARD_HEIGHT, CARD_WIDTH, type Scene } from "../layout/scene.ts";
import { h, listen, setHidden } from "../lib/dom.ts";
import type { Row } from "../protocol.ts";
import { isRestarting } from "../store/derive.ts";
import type { Picture } from "../store/picture.ts";
import type { Camera } from "./camera.ts";

const WIDTH = 124;
const HEIGHT = 84;
const AIR = 5;

/** A map need not be true to scale: a tree of a thousand rows and two columns would be a hair line. But no larger than this. */
const LARGEST = 0.1;

/** It is drawn anew at most so often while only states change. */
const EVERY_MS = 400;

/** Shown when the tree is larger than the window by this factor. */
const WORTH = 1.5;

export class Minimap {
  readonly #camera: Camera;
  readonly #canvas = h("canvas");
  readonly #frame = h("div", { class: "frame" });
  /** For the pointer only: what it shows is the tree, which a keyboard walks through itself. */
  readonly element = h(
    "div",
    { class: "minimap", "aria-hidden": "true", "data-role": "minimap" },
    this.#canvas,
    this.#frame,
  );
  #scene: Scene | null = null;
  #drawnAt = Number.NEGATIVE_INFINITY;
  /** Pixels of the map for one of the canvas. */
  #unit = { x: 1, y: 1 };

  constructor(camera: Camera, signal: AbortSignal) {
    this.#camera = camera;
    this.element.hidden = true;
    listen(this.element, "pointerdown", (event) => this.#grab(event), signal);
  }

  update(scene: Scene, picture: Picture, now: number): void {
    const { clientWidth, clientHeight } = this.#camera.element;
    const { scale } = this.#camera;
    const worth =
      scene.width * scale > clientWidth * WORTH || scene.height * scale > clientHeight * WORTH;
    setHidden(this.element, !worth);
    if (!worth) return;
    if (scene !== this.#scene || now - this.#drawnAt > EVERY_MS) this.#draw(scene, picture, now);
    this.follow();
  }

  /** Puts the frame where the window is. */
  follow(): void {
    if (this.#scene === null || this.element.hidden) return;
    const { left, top, right, bottom } = this.#camera.pane();
    const clamp = (value: number, most: number) => Math.max(0, Math.min(most, value));
    const [x, y] = [clamp(left, this.#scene.width), clamp(top, this.#scene.height)];
    const [w, h] = [clamp(right, this.#scene.width) - x, clamp(bottom, this.#scene.height) - y];
    const { style } = this.#frame;
    style.transform = `translate(${AIR + x * this.#unit.x}px, ${AIR + y * this.#unit.y}px)`;
    style.width = `${Math.max(4, w * this.#unit.x)}px`;
    style.height = `${Math.max(4, h * this.#unit.y)}px`;
  }

  #draw(scene: Scene, picture: Picture, now: number): void {
    this.#scene = scene;
    this.#drawnAt = now;
    const { x: across, y: down } = this.#fit(scene);
    const pen = this.#canvas.getContext("2d");
    if (pen === null) return;
    const ratio = devicePixelRatio || 1;
    pen.setTransform(ratio, 0, 0, ratio, AIR * ratio, AIR * ratio);
    const colours = coloursOf(this.element);
    const [w, h] = [Math.max(2, CARD_WIDTH * across), Math.max(0.7, CARD_HEIGHT * down)];
    for (const { key, x, y } of scene.spots.values()) {
      pen.fillStyle = colours[toneOf(picture.rows.get(key), now)];
      pen.fillRect(x * across, y * down, w, h);
    }
  }

  /** Gives the map its size, which also clears it, and the scale of each direction. */
  #fit(scene: Scene): { readonly x: number; readonly y: number } {
    const x = Math.min(LARGEST, (WIDTH - 2 * AIR) / scene.width);
    const y = Math.min(LARGEST, (HEIGHT - 2 * AIR) / scene.height);
    const [width, height] = [scene.width * x + 2 * AIR, scene.height * y + 2 * AIR];
    const ratio = devicePixelRatio || 1;
    this.element.style.width = `${width}px`;
    this.element.style.height = `${height}px`;
    this.#canvas.width = width * ratio;
    this.#canvas.height = height * ratio;
    this.#unit = { x, y };
    return this.#unit;
  }

  #grab(event: PointerEvent): void {
    if (event.button !== 0) return;
    event.preventDefault();
    const ended = new AbortController();
    this.element.setPointerCapture(event.pointerId);
    this.#go(event);
    listen(this.element, "pointermove", (move) => this.#go(move), ended.signal);
    for (const end of ["pointerup", "pointercancel"] as const) {
      listen(this.element, end, () => ended.abort(), ended.signal);
    }
  }

  #go({ clientX, clientY }: PointerEvent): void {
    const box = this.element.getBoundingClientRect();
    const x = (clientX - box.left - AIR) / this.#unit.x;
    const y = (clientY - box.top - AIR) / this.#unit.y;
    this.#camera.centreOn(x, y);
  }
}

type Tone = "idle" | "run" | "warn" | "bad" | "susp";

function toneOf(row: Row | undefined, now: number): Tone {
  if (row === undefined) return "idle";
  if (isRestarting(row, now) || row.status === "cut") return "warn";
  if (row.status === "suspended") return "susp";
  if (row.status === "down") return "bad";
  return row.status === "running" || row.status === "up" ? "run" : "idle";
}

function coloursOf(element: HTMLElement): Readonly<Record<Tone, string>> {
  const style = getComputedStyle(element);
  const colour = (name: string) => style.getPropertyValue(`--${name}`) || "gray";
  return {
    idle: colour("idle"),
    run: colour("run"),
    warn: colour("warn"),
    bad: colour("bad"),
    susp: colour("susp"),
  };
}
