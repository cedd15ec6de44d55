// The tree: keyed cards over keyed edges. A frame touches only the cards whose row, place or mark is new, and those that
// change with the clock.

import { moveFor } from "../a11y.ts";
import type { Actions } from "../actions.ts";
import { gutterFor } from "../layout/network.ts";
import { EMPTY_SCENE, type Scene, type Spot, sceneOf } from "../layout/scene.ts";
import { AIR, drawnSpots, grown, type Pane, within } from "../layout/window.ts";
import { h, listen, setClass } from "../lib/dom.ts";
import { framed } from "../lib/frames.ts";
import { join } from "../lib/join.ts";
import { drawnRow, type Picture } from "../store/picture.ts";
import { hits } from "../store/search.ts";
import type { State } from "../store/store.ts";
import { Camera } from "./camera.ts";
import { Card, type CardInput } from "./card.ts";
import { Edges } from "./edges.ts";
import { Minimap } from "./minimap.ts";
import { NetworkLayer } from "./network.ts";
import { TieLines } from "./ties.ts";

/** Above so many rows nothing slides any more: it would cost more than it tells. */
const SLIDING_ROWS = 400;

/** When more than this restart at once nothing glows or fades: every effect is painted anew for each frame. */
const STORM = 10;

export class Tree {
  readonly #actions: Actions;
  readonly #edges = new Edges();
  readonly #ties = new TieLines();
  readonly #network: NetworkLayer;
  readonly #items = h("div", {
    class: "items",
    role: "tree",
    "aria-label": "Supervision tree",
    "aria-orientation": "vertical",
  });
  readonly #world: HTMLElement;
  readonly #cards = new Map<string, Card>();
  readonly #inputs = new Map<string, CardInput>();
  readonly camera: Camera;
  readonly minimap: Minimap;
  #scene = EMPTY_SCENE;
  #children: Picture["children"] | null = null;
  #state: State | null = null;
  #now = 0;
  #tabstop = "";
  /** What of the canvas has elements: the window, and some air around it. */
  #pane: Pane = { left: 0, top: 0, right: 0, bottom: 0 };

  readonly #join = join<CardInput, HTMLElement>(this.#items, {
    key: (input) => input.spot.key,
    create: (input) => this.#create(input.spot.key),
    update: (_, input) => this.#patch(input),
    remove: (key) => {
      this.#cards.delete(key);
      this.#inputs.delete(key);
    },
  });

  constructor(actions: Actions, signal: AbortSignal) {
    this.#actions = actions;
    this.#network = new NetworkLayer(this.#items, actions, signal);
    const layers = [this.#edges.element, this.#network.element, this.#items, this.#ties.element];
    this.#world = h("div", { class: "world" }, ...layers, this.#network.menu);
    this.camera = new Camera(this.#world, signal);
    this.minimap = new Minimap(this.camera, signal);
    listen(this.#items, "click", (event) => this.#click(event), signal);
    listen(this.#items, "keydown", (event) => this.#press(event), signal);
    listen(this.#items, "focusin", (event) => this.#focused(event), signal);
    listen(
      this.camera.element,
      "scroll",
      framed(() => this.#scrolled(), signal),
      signal,
    );
  }

  get element(): HTMLElement {
    return this.camera.element;
  }

  update(state: State, now: number): void {
    this.#state = state;
    this.#now = now;
    this.#arrange(state.picture);
    this.#look();
    this.#keepTabstop(state);
    const hadFocus = this.#items.matches(":focus-within");
    this.#join(this.#inputsOf(state));
    this.#edges.update(this.#scene, this.#pane, state.picture, now);
    setClass(this.#world, "storm", this.#edges.hot > STORM);
    this.#ties.update(this.#scene, state);
    this.#network.update(this.#scene, state.picture);
    this.minimap.update(this.#scene, state.picture, now);
    if (hadFocus && !this.#items.matches(":focus-within")) this.#focus(this.#tabstop);
  }

  /** Brings a row into view, if it is drawn. */
  reveal(key: string): void {
    const spot = this.#scene.spots.get(key);
    if (spot !== undefined) this.camera.reveal(spot);
  }

  /** Only what a scroll has brought into sight is new. */
  #scrolled(): void {
    this.minimap.follow();
    if (this.#state !== null && !within(this.camera.pane(), this.#pane)) {
      this.update(this.#state, this.#now);
    }
  }

  /** The pane is kept as long as the window is inside of it and it is not much too large. */
  #look(): void {
    const window = this.camera.pane();
    const air = AIR / this.camera.scale;
    if (within(window, this.#pane) && within(this.#pane, grown(window, 2 * air + 1))) return;
    this.#pane = grown(window, air);
  }

  /** A new layout, if the tree has a new form (or had no room yet). */
  #arrange({ children, rows }: Picture): void {
    if (children === this.#children) return;
    const before = this.#scene;
    const scene = sceneOf(children, gutterFor(children.get("") ?? [], rows));
    const shift = drift(this.camera.anchorIn(before), scene);
    // A view that moves along must not also watch its rows slide the other way.
    setClass(this.#world, "still", shift !== 0 || scene.spots.size > SLIDING_ROWS);
    this.#scene = scene;
    this.#children = children;
    this.camera.update(scene, shift);
  }

  /** One row is in the page's tab order: the one last used, else the selected, else the first. */
  #keepTabstop({ picture, ui }: State): void {
    if (picture.rows.has(this.#tabstop)) return;
    const parent = this.#inputs.get(this.#tabstop)?.spot.parent ?? "";
    const first = this.#scene.spots.keys().next().value ?? "";
    const fallbacks = [parent, ui.selected, first];
    this.#tabstop = fallbacks.find((key) => picture.rows.has(key)) ?? "";
  }

  #inputsOf(state: State): CardInput[] {
    const matching = hits(state);
    const inputs: CardInput[] = [];
    for (const spot of drawnSpots(this.#scene, this.#pane, new Set([this.#tabstop]))) {
      const input = this.#inputOf(spot, state, matching);
      if (input !== null) inputs.push(input);
    }
    return inputs;
  }

  #inputOf(spot: Spot, state: State, matching: ReadonlySet<string> | null): CardInput | null {
    const { picture, ui } = state;
    const row = drawnRow(picture, spot.key);
    if (row === undefined) return null;
    const ghost = picture.ghosts.get(spot.key);
    const history = picture.rates.byKey.get(spot.key);
    const selected = ui.selected === spot.key;
    const tabstop = this.#tabstop === spot.key;
    const match = matching === null ? "none" : matching.has(spot.key) ? "hit" : "miss";
    return { row, spot, ghost, history, selected, tabstop, match };
  }

  #create(key: string): HTMLElement {
    const card = new Card(key);
    this.#cards.set(key, card);
    return card.element;
  }

  #patch(input: CardInput): void {
    const { key } = input.spot;
    const card = this.#cards.get(key);
    if (card === undefined) return;
    const before = this.#inputs.get(key);
    if (!card.moving && same(before, input)) return;
    this.#inputs.set(key, input);
    card.update(input, this.#now);
  }

  #click(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    const key = event.target.closest<HTMLElement>(".row")?.dataset.key;
    const row = key === undefined ? undefined : this.#state?.picture.rows.get(key);
    if (row === undefined) return;
    this.#focus(row.key);
    if (event.target.closest(".toggle") !== null) this.#actions.open(row.key, !row.open);
    else this.#activate(row.key);
  }

  #press(event: KeyboardEvent): void {
    if (this.#state === null || event.altKey || event.ctrlKey || event.metaKey) return;
    const move = moveFor(event.key, this.#tabstop, this.#scene, this.#state.picture.rows);
    if (move === null) return;
    event.preventDefault();
    if (move.type === "focus") this.#focus(move.key);
    else if (move.type === "open") this.#actions.open(move.key, move.open);
    else if (move.type === "activate") this.#activate(move.key);
    else this.#actions.select("");
  }

  #activate(key: string): void {
    if (this.#state?.picture.rows.get(key)?.kind === "more") this.#actions.more(key);
    else this.#actions.select(key);
  }

  /** A row out of sight has no element yet: it gets one, as the one that the page's Tab leads to. */
  #focus(key: string): void {
    this.reveal(key);
    if (!this.#cards.has(key) && this.#state !== null && this.#scene.spots.has(key)) {
      this.#tabstop = key;
      this.update(this.#state, this.#now);
    }
    this.#cards.get(key)?.element.focus({ preventScroll: true });
  }

  #focused(event: FocusEvent): void {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>(".row") : null;
    const key = row?.dataset.key;
    if (key === undefined || key === this.#tabstop) return;
    this.#tabstop = key;
    if (this.#state !== null) this.update(this.#state, this.#now);
  }
}

/** How far the anchored row has moved down from one layout to the next. */
function drift(anchor: Spot | null, scene: Scene): number {
  if (anchor === null) return 0;
  const after = scene.spots.get(anchor.key);
  return after === undefined ? 0 : after.y - anchor.y;
}

function same(a: CardInput | undefined, b: CardInput): boolean {
  return (
    a !== undefined &&
    a.row === b.row &&
    a.spot === b.spot &&
    a.ghost === b.ghost &&
    a.history === b.history &&
    a.selected === b.selected &&
    a.tabstop === b.tabstop &&
    a.match === b.match
  );
}
