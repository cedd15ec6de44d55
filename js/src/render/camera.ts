// The window onto the canvas: native scrolling, zoom by Ctrl and wheel or pinch, pan by drag, and a first scale at which
// a small tree is comfortable and a large one legible.

import type { Scene, Spot } from "../layout/scene.ts";
import { CARD_HEIGHT, CARD_WIDTH } from "../layout/scene.ts";
import type { Pane } from "../layout/window.ts";
import { h, listen } from "../lib/dom.ts";

const SMALLEST = 0.3;
const LARGEST = 2;

/** Below this the second line of a card is hard to read: a large tree is scrolled instead. */
const LEGIBLE = 0.82;

/** What answers to the pointer itself: a drag there is no wish to move the canvas. */
const PARTS = ".row, .link, .linkmenu";

/** The scale of the first paint: all of it if that stays legible, else as it is. */
export function firstScale(scene: Scene, width: number, height: number): number {
  const whole = wholeScale(scene, width, height);
  if (whole >= LEGIBLE) return whole;
  const across = Math.min(1, width / scene.width);
  return across >= LEGIBLE ? across : 1;
}

/** The scale at which all is seen, never larger than life. */
export function wholeScale(scene: Scene, width: number, height: number): number {
  if (scene.width === 0 || width === 0) return 1;
  return Math.max(SMALLEST, Math.min(1, width / scene.width, height / scene.height));
}

export class Camera {
  readonly #sizer: HTMLElement;
  readonly #world: HTMLElement;
  readonly element: HTMLElement;
  #scene: Scene | null = null;
  #scale = 1;

  constructor(world: HTMLElement, signal: AbortSignal) {
    this.#world = world;
    this.#sizer = h("div", { class: "sizer" }, world);
    this.element = h("div", { class: "camera" }, this.#sizer);
    listen(this.element, "wheel", (event) => this.#wheel(event), signal);
    listen(this.element, "pointerdown", (event) => this.#grab(event), signal);
  }

  /** Takes the new extent. `anchor` tells how far the row in view has moved: the view moves along, so it seems to stay. */
  update(scene: Scene, anchor: number): void {
    const first = this.#scene === null && scene.spots.size > 0;
    const { clientWidth, clientHeight } = this.element;
    if (clientWidth === 0) return;
    if (scene.spots.size > 0) this.#scene = scene;
    if (first) this.#scale = firstScale(scene, clientWidth, clientHeight);
    this.#resize(scene);
    if (anchor !== 0) this.element.scrollTop += anchor * this.#scale;
  }

  fit(): void {
    if (this.#scene === null) return;
    const { clientWidth, clientHeight } = this.element;
    this.#zoomTo(wholeScale(this.#scene, clientWidth, clientHeight));
    this.element.scrollTo({ left: 0, top: 0 });
  }

  zoomBy(factor: number): void {
    const { clientWidth, clientHeight } = this.element;
    this.#zoomTo(this.#scale * factor, clientWidth / 2, clientHeight / 2);
  }

  /** Scrolls as little as needed to show a row with some air around it. */
  reveal(spot: Spot): void {
    const box = this.element;
    const air = 40;
    const edge = (at: number, from: number, size: number, length: number) => {
      if (at - air < from) return Math.max(0, at - air);
      return Math.max(from, at + length + air - size);
    };
    const [x, y] = [spot.x * this.#scale, spot.y * this.#scale];
    const left = edge(x, box.scrollLeft, box.clientWidth, CARD_WIDTH * this.#scale);
    const top = edge(y, box.scrollTop, box.clientHeight, CARD_HEIGHT * this.#scale);
    box.scrollTo({ left, top });
  }

  get scale(): number {
    return this.#scale;
  }

  /** What of the canvas is in sight now. It reads the page's layout, so ask before a frame writes anything. */
  pane(): Pane {
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = this.element;
    const [x, y] = [this.#sizer.offsetLeft, this.#sizer.offsetTop];
    const [left, top] = [(scrollLeft - x) / this.#scale, (scrollTop - y) / this.#scale];
    return {
      left,
      top,
      right: left + clientWidth / this.#scale,
      bottom: top + clientHeight / this.#scale,
    };
  }

  /** Scrolls so that this point of the canvas is in the middle. */
  centreOn(x: number, y: number): void {
    const { clientWidth, clientHeight } = this.element;
    const left = x * this.#scale - clientWidth / 2;
    const top = y * this.#scale - clientHeight / 2;
    this.element.scrollTo({ left, top });
  }

  /** The first row of `scene` in view, which is to stay where it is when the tree changes. Nothing while all is in view. */
  anchorIn(scene: Scene): Spot | null {
    const { scrollTop, scrollLeft } = this.element;
    if (scrollTop <= 0) return null;
    const inView = (spot: Spot) =>
      spot.y * this.#scale >= scrollTop && (spot.x + CARD_WIDTH) * this.#scale >= scrollLeft;
    for (const spot of scene.spots.values()) if (inView(spot)) return spot;
    return null;
  }

  #resize({ width, height }: Scene): void {
    this.#sizer.style.width = `${Math.ceil(width * this.#scale)}px`;
    this.#sizer.style.height = `${Math.ceil(height * this.#scale)}px`;
    this.#world.style.transform = this.#scale === 1 ? "" : `scale(${this.#scale})`;
  }

  /** Keeps the point (x, y) of the window where it is. */
  #zoomTo(wanted: number, x = 0, y = 0): void {
    if (this.#scene === null) return;
    const scale = Math.min(LARGEST, Math.max(SMALLEST, wanted));
    const growth = scale / this.#scale;
    const { scrollLeft, scrollTop } = this.element;
    this.#scale = scale;
    this.#resize(this.#scene);
    this.element.scrollTo((scrollLeft + x) * growth - x, (scrollTop + y) * growth - y);
  }

  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = this.element.getBoundingClientRect();
    const factor = Math.exp(-event.deltaY / 300);
    this.#zoomTo(this.#scale * factor, event.clientX - box.left, event.clientY - box.top);
  }

  /** Drags the canvas by its empty parts; touch scrolls natively. */
  #grab(event: PointerEvent): void {
    const onPart = event.target instanceof Element && event.target.closest(PARTS) !== null;
    if (onPart || event.button !== 0 || event.pointerType === "touch") return;
    const ended = new AbortController();
    const drag = (move: PointerEvent) => this.element.scrollBy(-move.movementX, -move.movementY);
    this.element.setPointerCapture(event.pointerId);
    listen(this.element, "pointermove", drag, ended.signal);
    for (const end of ["pointerup", "pointercancel"] as const) {
      listen(this.element, end, () => ended.abort(), ended.signal);
    }
  }
}
