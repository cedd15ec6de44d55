// One mounted view: puts the panels together and draws them, at most once a frame and only while in sight.

import { Announcer } from "./a11y.ts";
import type { Actions } from "./actions.ts";
import { h, listen, setAttributes, setHidden } from "./lib/dom.ts";
import { framed } from "./lib/frames.ts";
import { watchSight, watchSize } from "./lib/sight.ts";
import { watchTheme } from "./lib/theme.ts";
import { pageTimers } from "./lib/timers.ts";
import { DetailsPanel } from "./panels/details.ts";
import { EventsPanel } from "./panels/events.ts";
import { button } from "./panels/kill.ts";
import { Results } from "./panels/results.ts";
import { SearchBox } from "./panels/search.ts";
import { Toolbar } from "./panels/toolbar.ts";
import { Tree } from "./render/tree.ts";
import { nodeClock, type Store } from "./store/store.ts";
import { STYLES } from "./styles/styles.ts";

/** Ages and windows are redrawn so often while nothing else happens. */
const TICK_MS = 250;

/** From this height on there is room for more events. */
const TALL = 600;

export interface ViewOptions {
  readonly el: HTMLElement;
  readonly store: Store;
  readonly actions: Actions;
  /** Told when the view comes into sight or leaves it. */
  readonly seen: (visible: boolean) => void;
  readonly signal: AbortSignal;
}

export class View {
  readonly #store: Store;
  readonly #search: SearchBox;
  readonly #toolbar: Toolbar;
  readonly #tree: Tree;
  readonly #details: DetailsPanel;
  readonly #events: EventsPanel;
  readonly #toasts = new Results();
  readonly #empty = h("p", { class: "empty" }, "Waiting for the kernel …");
  readonly #announcer = new Announcer(
    h("div", { class: "spoken", "aria-live": "polite", "data-role": "live" }),
  );
  readonly #root: HTMLElement;
  readonly #draw: () => void;
  #visible = false;
  #revealed = "";

  constructor({ el, store, actions, seen, signal }: ViewOptions) {
    this.#store = store;
    this.#search = new SearchBox(actions, signal);
    this.#toolbar = new Toolbar(this.#search, actions, signal);
    this.#tree = new Tree(actions, signal);
    this.#details = new DetailsPanel(actions, new Results(), signal);
    this.#events = new EventsPanel(actions, signal);
    this.#root = this.#build(signal);
    mount(el, this.#root);
    this.#draw = framed(() => this.#frame(), signal);
    const sight = (visible: boolean) => {
      this.#visible = visible;
      seen(visible);
      this.#draw();
    };
    watchTheme(el, (theme) => this.#root.setAttribute("data-theme", theme), signal);
    watchSight(this.#root, sight, signal);
    watchSize(this.#root, this.#draw, signal);
    listen(this.#root, "keydown", (event) => this.#press(event), signal);
    store.subscribe(this.#draw, signal);
    pageTimers.every(TICK_MS, this.#draw, signal);
  }

  setHeight(height: unknown): void {
    const pixels = typeof height === "number" && height > 0 ? height : 480;
    this.#root.style.height = `${pixels}px`;
    this.#root.toggleAttribute("data-tall", pixels >= TALL);
  }

  #build(signal: AbortSignal): HTMLElement {
    const { camera } = this.#tree;
    const zoom = h(
      "div",
      { class: "zoom", role: "group", "aria-label": "Zoom" },
      press("−", "zoom-out", "Zoom out", () => camera.zoomBy(1 / 1.2), signal),
      press("Fit", "fit", "Show the whole tree", () => camera.fit(), signal),
      press("+", "zoom-in", "Zoom in", () => camera.zoomBy(1.2), signal),
    );
    const canvas = h(
      "div",
      { class: "canvas" },
      this.#tree.element,
      this.#empty,
      this.#toasts.element,
      zoom,
    );
    const main = h("div", { class: "main" }, canvas, this.#details.element);
    const parts = [this.#toolbar.element, main, this.#events.element, this.#announcer.element];
    return h("div", { class: "ab-root", "data-blocked": "false" }, ...parts);
  }

  #frame(): void {
    if (!this.#visible) return;
    const { state } = this.#store;
    const at = pageTimers.now();
    const now = nodeClock(state, at);
    setAttributes(this.#root, {
      "data-blocked": String(state.ui.link.state === "blocked"),
      "data-link": state.ui.link.state,
      "data-seq": String(state.picture.seq),
    });
    this.#toolbar.update(state, at);
    const open = this.#details.update(state, now, at);
    setHidden(this.#toasts.element, open);
    if (!open) this.#toasts.update(state.ui, at);
    this.#tree.update(state, now);
    this.#search.update(state, this.#tree.keys);
    this.#events.update(state, now);
    this.#announcer.update(state.picture.events, at);
    setHidden(this.#empty, state.picture.known);
    this.#revealSelected(state.ui.selected);
  }

  /** A new selection is brought into view once; after that the reader may scroll away from it. */
  #revealSelected(key: string): void {
    if (key === this.#revealed) return;
    this.#revealed = key;
    this.#tree.reveal(key);
  }

  /** Keys of the whole widget. None of them may reach the notebook, where `d d` deletes the cell. */
  #press(event: KeyboardEvent): void {
    event.stopPropagation();
    const writing = event.target instanceof HTMLInputElement;
    if (event.key !== "/" || writing || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#search.focus();
  }
}

/** A shadow root keeps the notebook's styles out and ours in. A host that mounts twice gets the same one. */
function mount(el: HTMLElement, root: HTMLElement): void {
  const shadow = el.shadowRoot ?? el.attachShadow({ mode: "open" });
  shadow.replaceChildren(h("style", {}, STYLES), root);
  // JupyterLab listens for its shortcuts before we can: this attribute is its way to be told not to.
  el.setAttribute("data-lm-suppress-shortcuts", "true");
  el.classList.add("actorbook-live"); // hides the still picture that the output holds for readers without a kernel
}

function press(
  text: string,
  action: string,
  title: string,
  act: () => void,
  signal: AbortSignal,
): HTMLElement {
  const element = button(text, { "data-action": action, title, "aria-label": title });
  listen(element, "click", act, signal);
  return element;
}
