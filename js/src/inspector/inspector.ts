// The panel about the selected row: who it is, its tabs, and what can be done to it. The row itself is here at once; the
// rest comes with the kernel's next delta.

import { h, listen, setAttributes, setHidden, setText } from "../lib/dom.ts";
import { join } from "../lib/join.ts";
import { button } from "../panels/button.ts";
import { Results } from "../panels/results.ts";
import { Tabs } from "../panels/tabs.ts";
import type { Frame, PartContext } from "../parts.ts";
import type { Details, Row } from "../protocol.ts";
import { drawnRow, type Picture } from "../store/picture.ts";
import { type Chip, chipsOf } from "./chips.ts";
import { Controls } from "./controls.ts";
import type { InspectorFrame } from "./frame.ts";
import { NodeControls } from "./nodecontrols.ts";
import { TABS } from "./tabs.ts";

export class Inspector {
  readonly #title = h("h3");
  readonly #what = h("span");
  readonly #parent = button("", { class: "pid", "data-role": "parent" });
  readonly #chips = h("div", { class: "chips" });
  readonly #tabs: Tabs<InspectorFrame>;
  readonly #controls: Controls;
  readonly #nodeControls: NodeControls;
  readonly #results = new Results();
  readonly element: HTMLElement;
  #row: Row | null = null;
  #known: Details | null = null;

  readonly #joinChips = join<Chip, HTMLElement>(this.#chips, {
    key: ({ tone }) => tone,
    create: ({ tone }) => h("span", { class: "chip", "data-tone": tone }),
    update: (element, { text }) => setText(element, text),
  });

  constructor(context: PartContext) {
    const { actions, signal } = context;
    this.#tabs = new Tabs<InspectorFrame>({
      name: "tab",
      label: "Inspector",
      parts: TABS,
      context,
      choose: (id) => actions.show("tab", id),
    });
    this.#controls = new Controls(actions, signal);
    this.#nodeControls = new NodeControls(actions, signal);
    const close = button("✕", {
      class: "close",
      "aria-label": "Close details",
      "data-action": "close",
    });
    listen(close, "click", () => actions.select(""), signal);
    listen(this.#parent, "click", () => actions.select(this.#row?.parent ?? ""), signal);
    const about = h("p", { class: "about" }, this.#what, this.#parent);
    const head = h("div", { class: "head" }, this.#title, close, about, this.#chips);
    const controls = [this.#controls.element, this.#nodeControls.element];
    const foot = h("footer", {}, this.#results.element, ...controls);
    this.element = h(
      "aside",
      { class: "details", "aria-label": "Details", "data-role": "details" },
      head,
      this.#tabs.list,
      this.#tabs.panels,
      foot,
    );
  }

  /** Is anything selected? Then the results of commands are shown here, else over the canvas. */
  update(frame: Frame): boolean {
    const { picture, ui } = frame.state;
    const open = ui.selected !== "" && this.#remember(picture, ui.selected);
    setHidden(this.element, !open);
    if (!open || this.#row === null) return false;
    this.#head(this.#row, picture, frame.now);
    this.#tabs.update(ui.panes.tab, { ...frame, row: this.#row, details: this.#known });
    const enabled = ui.link.state !== "stopped" && picture.rows.has(this.#row.key);
    this.#controls.update(this.#row, picture.rows.get(this.#row.parent), enabled);
    this.#nodeControls.update(this.#row, enabled);
    this.#results.update(ui, frame.at);
    return true;
  }

  #remember(picture: Picture, key: string): boolean {
    const row = drawnRow(picture, key);
    if (this.#row?.key !== key) this.#known = null;
    if (row !== undefined) this.#row = picture.ghosts.has(key) ? ended(row) : row;
    else if (this.#row?.key === key) this.#row = ended(this.#row);
    this.#known = picture.details ?? this.#known;
    return this.#row?.key === key;
  }

  #head(row: Row, picture: Picture, now: number): void {
    const parent = drawnRow(picture, row.parent);
    setText(this.#title, row.name);
    setAttributes(this.#title, { title: row.name });
    const parts = [row.cls, row.pid, parent === undefined ? "" : "child of "];
    setText(this.#what, parts.filter(Boolean).join(" · "));
    setText(this.#parent, parent?.name ?? "");
    this.#joinChips(chipsOf(row, parent, now));
  }
}

function ended(row: Row): Row {
  return row.status === "exited" ? row : { ...row, status: "exited", mailbox: 0, full: false };
}
