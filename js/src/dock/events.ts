// The latest events of the node, newest first; a name leads to its row.

import type { Actions } from "../actions.ts";
import { h, listen, setAttributes, setHidden, setText } from "../lib/dom.ts";
import { age, count } from "../lib/format.ts";
import { join } from "../lib/join.ts";
import { button } from "../panels/button.ts";
import type { Frame, Part, PartContext, PartSpec } from "../parts.ts";
import type { Event, EventKind } from "../protocol.ts";
import { rowFor } from "../store/lookup.ts";
import type { State } from "../store/store.ts";

/** The store keeps more; nobody scrolls through hundreds of lines that move. */
const SHOWN = 60;

const GLYPHS: Readonly<Record<EventKind, string>> = {
  started: "+",
  exited: "○",
  crashed: "▲",
  restarted: "↻",
  gave_up: "■",
  registered: "@",
  unregistered: "@",
  suspended: "‖",
  resumed: "▸",
  upgraded: "⇧",
  state_changed: "→",
  output: "›",
  report: "!",
  killed: "✕",
  overflow: "⊟",
  blocking: "⧗",
  node_started: "⊕",
  node_crashed: "▲",
  partitioned: "÷",
  healed: "∞",
  held: "‖",
  released: "▸",
  injected: "⚡",
  paused: "‖",
  stepped: "▸",
  continued: "▶",
};

type Filter = "all" | "trouble" | "output";

const TROUBLE: ReadonlySet<EventKind> = new Set([
  "crashed",
  "restarted",
  "gave_up",
  "killed",
  "overflow",
  "blocking",
  "node_crashed",
  "partitioned",
  "report",
  "injected",
]);

/** The newest events that a filter lets through, newest first. */
export function shownEvents(events: readonly Event[], filter: Filter): readonly Event[] {
  const passes = (event: Event) =>
    filter === "all" || (filter === "output" ? event.kind === "output" : TROUBLE.has(event.kind));
  return events.filter(passes).slice(-SHOWN).reverse();
}

class EventsPanel implements Part {
  readonly #actions: Actions;
  readonly #list = h("ol", {
    class: "events",
    "data-role": "events",
    "aria-label": "Latest events",
    tabindex: "0",
  });
  readonly #empty = h("p", { class: "empty" }, "Nothing has happened yet.");
  readonly #number = h("span", { class: "number" });
  readonly #filters: readonly HTMLButtonElement[];
  readonly element: HTMLElement;
  #filter: Filter = "all";
  #state: State | null = null;
  #drawn: readonly Event[] | null = null;
  #now = 0;

  readonly #join = join<Event, HTMLElement>(this.#list, {
    key: (event) => String(event.n),
    create: (event) => line(event),
    update: (element, event) => setText(timeOf(element), age(this.#now - event.at)),
  });

  constructor({ actions, signal }: PartContext) {
    this.#actions = actions;
    this.#filters = [
      filterButton("All", "all"),
      filterButton("Trouble", "trouble"),
      filterButton("Output", "output"),
    ];
    for (const choice of this.#filters) listen(choice, "click", () => this.#choose(choice), signal);
    listen(this.#list, "click", (event) => this.#visit(event), signal);
    const filters = h(
      "div",
      { class: "filters", role: "group", "aria-label": "Show" },
      ...this.#filters,
    );
    const side = h("div", { class: "side" }, h("h4", {}, "Latest events"), this.#number, filters);
    this.element = h(
      "section",
      { class: "log", "aria-label": "Events" },
      side,
      this.#list,
      this.#empty,
    );
  }

  update({ state, now }: Frame): void {
    this.#draw(state, now);
  }

  #draw(state: State, now: number): void {
    const { events } = state.picture;
    const seconds = Math.floor(now / 1000) !== Math.floor(this.#now / 1000);
    this.#state = state;
    if (events === this.#drawn && !seconds) return;
    this.#now = now;
    this.#drawn = events;
    const shown = shownEvents(events, this.#filter);
    this.#join(shown);
    const last = events.at(-1);
    setText(this.#number, last === undefined ? "" : `event ${count(last.n)}`);
    setHidden(this.#empty, shown.length > 0);
    for (const choice of this.#filters) {
      setAttributes(choice, { "aria-pressed": String(choice.dataset.filter === this.#filter) });
    }
  }

  #choose(choice: HTMLButtonElement): void {
    this.#filter = (choice.dataset.filter ?? "all") as Filter;
    this.#drawn = null;
    if (this.#state !== null) this.#draw(this.#state, this.#now);
  }

  #visit(event: MouseEvent): void {
    const link = event.target instanceof Element ? event.target.closest("button") : null;
    if (link === null || this.#state === null) return;
    const row = rowFor(this.#state.picture, link.dataset.goto ?? "", link.textContent ?? "");
    if (row !== undefined) this.#actions.select(row.key);
  }
}

function line(event: Event): HTMLElement {
  const who = button(event.name || event.pid, {
    class: "pid",
    title: event.pid,
    "data-goto": event.pid,
  });
  const verb = h("span", { class: "verb" }, event.kind.replace("_", " "));
  const text = h(
    event.kind === "output" ? "code" : "span",
    { class: "what", title: event.text },
    event.text,
  );
  const glyph = h("span", { class: "glyph", "aria-hidden": "true" }, GLYPHS[event.kind]);
  return h(
    "li",
    { "data-kind": event.kind, "data-n": String(event.n) },
    h("time"),
    glyph,
    who,
    verb,
    text,
  );
}

function timeOf(element: HTMLElement): Element {
  return element.firstElementChild ?? element;
}

function filterButton(text: string, filter: Filter): HTMLButtonElement {
  return button(text, { class: "chip", "data-filter": filter });
}

export const eventsPanel: PartSpec = {
  id: "events",
  title: "Events",
  mount: (context) => new EventsPanel(context),
};
