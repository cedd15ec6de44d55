// One of several parts at a time, by the ARIA pattern of tabs: one tab stop, arrows choose, Home and End go to the ends.
// The list and the panels are two elements, so that a list may stand in the toolbar and its panels below.

import { h, listen, setAttributes, setHidden, setText } from "../lib/dom.ts";
import type { Frame, Part, PartContext, PartSpec } from "../parts.ts";
import { button } from "./button.ts";

export interface TabsOptions<F extends Frame> {
  /** Also the prefix of the ids: one of a kind in a widget. */
  readonly name: string;
  readonly label: string;
  readonly parts: readonly PartSpec<F>[];
  readonly context: PartContext;
  readonly choose: (id: string) => void;
}

interface Tab<F extends Frame> {
  readonly spec: PartSpec<F>;
  readonly tab: HTMLButtonElement;
  readonly badge: HTMLElement;
  readonly panel: HTMLElement;
  part: Part<F> | null;
}

/** The tab that an arrow leads to from number `from` of `count`; null when the key is none of ours. */
export function tabFor(pressed: string, from: number, count: number): number | null {
  switch (pressed) {
    case "ArrowRight":
    case "ArrowDown":
      return (from + 1) % count;
    case "ArrowLeft":
    case "ArrowUp":
      return (from - 1 + count) % count;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

export class Tabs<F extends Frame = Frame> {
  readonly #options: TabsOptions<F>;
  readonly #tabs: readonly Tab<F>[];
  readonly list: HTMLElement;
  readonly panels: HTMLElement;

  constructor(options: TabsOptions<F>) {
    this.#options = options;
    this.#tabs = options.parts.map((spec) => this.#make(spec));
    const { name, label, context } = options;
    this.list = h(
      "div",
      { class: `tabs ${name}-tabs`, role: "tablist", "aria-label": label },
      ...this.#tabs.map(({ tab }) => tab),
    );
    this.panels = h("div", { class: `${name}-panels` }, ...this.#tabs.map(({ panel }) => panel));
    setHidden(this.list, this.#tabs.length < 2);
    listen(this.list, "keydown", (event) => this.#press(event), context.signal);
  }

  /** Draws the chosen part, the first one when there is none of that name. */
  update(chosen: string, frame: F): void {
    const shown = this.#tabs.find(({ spec }) => spec.id === chosen) ?? this.#tabs[0];
    for (const tab of this.#tabs) this.#mark(tab, tab === shown, frame);
    if (shown === undefined) return;
    shown.part ??= this.#mount(shown);
    shown.part.update(frame);
  }

  #make(spec: PartSpec<F>): Tab<F> {
    const { name, context, choose } = this.#options;
    const [tabId, panelId] = [`${name}-tab-${spec.id}`, `${name}-panel-${spec.id}`];
    const badge = h("span", { class: "badge" });
    const tab = button("", {
      role: "tab",
      id: tabId,
      "aria-controls": panelId,
      [`data-${name}`]: spec.id,
    });
    tab.append(h("span", {}, spec.title), badge);
    const panel = h("div", {
      class: "panel",
      role: "tabpanel",
      id: panelId,
      "aria-labelledby": tabId,
    });
    listen(tab, "click", () => choose(spec.id), context.signal);
    return { spec, tab, badge, panel, part: null };
  }

  #mount({ spec, panel }: Tab<F>): Part<F> {
    const part = spec.mount(this.#options.context);
    panel.append(part.element);
    return part;
  }

  #mark({ spec, tab, badge, panel }: Tab<F>, shown: boolean, frame: F): void {
    setAttributes(tab, { "aria-selected": String(shown), tabindex: shown ? "0" : "-1" });
    const text = spec.badge?.(frame) ?? "";
    setText(badge, text);
    setHidden(badge, text === "");
    setHidden(panel, !shown);
  }

  #press(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    const from = this.#tabs.findIndex(({ tab }) => tab === event.target);
    const to = from < 0 ? null : tabFor(event.key, from, this.#tabs.length);
    const next = to === null ? undefined : this.#tabs[to];
    if (next === undefined) return;
    event.preventDefault();
    next.tab.focus();
    this.#options.choose(next.spec.id);
  }
}
