// One mounted view: puts the parts together and draws them, at most once a frame and only while in sight.

import { Announcer } from "./a11y.ts";
import type { Actions } from "./actions.ts";
import { VIEWS } from "./centre/views.ts";
import { PANELS } from "./dock/panels.ts";
import { Inspector } from "./inspector/inspector.ts";
import { h, listen, setAttributes, setHidden, setText } from "./lib/dom.ts";
import { framed } from "./lib/frames.ts";
import { watchSight, watchSize } from "./lib/sight.ts";
import { watchTheme } from "./lib/theme.ts";
import { pageTimers } from "./lib/timers.ts";
import { AsOf } from "./panels/asof.ts";
import { Results } from "./panels/results.ts";
import { Tabs } from "./panels/tabs.ts";
import { Toolbar } from "./panels/toolbar.ts";
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
  readonly #toolbar: Toolbar;
  readonly #centre: Tabs;
  readonly #inspector: Inspector;
  readonly #dock: Tabs;
  readonly #asof: AsOf;
  readonly #toasts = new Results();
  readonly #announcer = new Announcer(
    h("div", { class: "spoken", "aria-live": "polite", "data-role": "live" }),
  );
  readonly #fault = h("p", { class: "fault", role: "alert", "data-role": "fault" });
  readonly #root: HTMLElement;
  readonly #draw: () => void;
  #visible = false;

  constructor({ el, store, actions, seen, signal }: ViewOptions) {
    const context = { actions, signal };
    this.#store = store;
    this.#centre = new Tabs({
      name: "centre",
      label: "View",
      parts: VIEWS,
      context,
      choose: (id) => actions.show("centre", id),
    });
    this.#dock = new Tabs({
      name: "dock",
      label: "Dock",
      parts: PANELS,
      context,
      choose: (id) => actions.show("dock", id),
    });
    this.#toolbar = new Toolbar(context, this.#centre.list);
    this.#inspector = new Inspector(context);
    this.#asof = new AsOf(context);
    this.#root = this.#build();
    mount(el, this.#root);
    this.#draw = framed(() => this.#attempt(), signal);
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

  #build(): HTMLElement {
    const centre = h(
      "div",
      { class: "centre" },
      this.#centre.panels,
      this.#asof.element,
      this.#toasts.element,
    );
    const main = h("div", { class: "main" }, centre, this.#inspector.element);
    const dock = h("div", { class: "dock" }, this.#dock.list, this.#dock.panels);
    const parts = [this.#toolbar.element, this.#fault, main, dock, this.#announcer.element];
    this.#fault.hidden = true;
    return h("div", { class: "ab-root", "data-blocked": "false" }, ...parts);
  }

  /** A fault of ours is shown as any other error is: a picture that stands still in silence would be a lie. */
  #attempt(): void {
    try {
      this.#frame();
      setHidden(this.#fault, true);
    } catch (error) {
      console.error("actorbook:", error);
      setText(this.#fault, `this picture could not be drawn: ${String(error)}`);
      setHidden(this.#fault, false);
    }
  }

  #frame(): void {
    if (!this.#visible) return;
    const { state } = this.#store;
    const at = pageTimers.now();
    const moment = state.timeline?.moment ?? null;
    const frame = { state, at, now: moment === null ? nodeClock(state, at) : moment.at };
    const { link, panes } = state.ui;
    setAttributes(this.#root, {
      "data-blocked": String(link.state === "blocked"),
      "data-link": link.state,
      "data-seq": String(state.picture.seq),
      "data-past": moment === null ? null : "",
    });
    this.#toolbar.update(frame);
    const open = this.#inspector.update(frame);
    setHidden(this.#toasts.element, open);
    if (!open) this.#toasts.update(state.ui, at);
    this.#centre.update(panes.centre, frame);
    this.#dock.update(panes.dock, frame);
    this.#asof.update(frame);
    this.#announcer.update(state.picture.events, at);
    this.#toolbar.drawing = pageTimers.now() - at;
  }

  /** Keys of the whole widget. None of them may reach the notebook, where `d d` deletes the cell. */
  #press(event: KeyboardEvent): void {
    event.stopPropagation();
    const writing = event.target instanceof HTMLInputElement;
    if (event.key !== "/" || writing || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    this.#toolbar.focusSearch();
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
