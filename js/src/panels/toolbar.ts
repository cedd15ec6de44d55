// The line on top: which node, how it fares, which view of it, what is wrong with it, tools, and the search box.

import { h, setAttributes, setHidden, setText } from "../lib/dom.ts";
import { count, counted, milliseconds, rate } from "../lib/format.ts";
import type { Frame, Part, PartContext } from "../parts.ts";
import type { Picture } from "../store/picture.ts";
import type { LinkState } from "../store/ui.ts";
import { Notice } from "./notice.ts";
import { SearchBox } from "./search.ts";
import { TOOLS } from "./tools.ts";

const DOT_TITLES: Readonly<Record<LinkState, string>> = {
  connecting: "waiting for the kernel",
  live: "live",
  blocked: "the kernel's loop is blocked",
  stopped: "the runtime has stopped",
  foreign: "the kernel speaks another version",
};

export class Toolbar implements Part {
  readonly #dot = h("span", { class: "dot", role: "img" });
  readonly #node = h("b", { class: "node" });
  readonly #processes = stat("processes");
  readonly #rate = stat("rate");
  readonly #lag = stat("lag", "the loop's worst delay since the last frame");
  readonly #crashes = stat("crashes");
  readonly #cost = stat("cost");
  readonly #dropped = stat("dropped", "events that the bounded recorder had to forget");
  readonly #notice = new Notice();
  readonly #search: SearchBox;
  readonly #tools: readonly Part[];
  #drawing = 0;
  readonly element: HTMLElement;

  /** `views` is the list that chooses what the centre shows. */
  constructor(context: PartContext, views: HTMLElement) {
    this.#search = new SearchBox(context.actions, context.signal);
    this.#tools = TOOLS.map((spec) => spec.mount(context));
    const who = h("span", { class: "who" }, this.#dot, this.#node);
    const numbers = [
      this.#processes,
      this.#rate,
      this.#lag,
      this.#crashes,
      this.#dropped,
      this.#cost,
    ];
    const stats = h("span", { class: "stats" }, ...numbers);
    this.element = h(
      "header",
      { class: "toolbar" },
      who,
      stats,
      this.#notice.element,
      views,
      ...this.#tools.map((tool) => tool.element),
      this.#search.element,
    );
  }

  /** How long the page took to draw the frame before, ms. */
  set drawing(ms: number) {
    this.#drawing = ms;
  }

  focusSearch(): void {
    this.#search.focus();
  }

  update(frame: Frame): void {
    const { picture, ui } = frame.state;
    this.#notice.update(ui.link, frame.at);
    setAttributes(this.#dot, {
      "data-state": ui.link.state,
      "aria-label": DOT_TITLES[ui.link.state],
      title: DOT_TITLES[ui.link.state],
    });
    setText(this.#node, picture.node || "actorbook");
    setAttributes(this.#node, { title: picture.root === "" ? null : `below ${picture.root}` });
    this.#updateStats(picture);
    for (const tool of this.#tools) tool.update(frame);
    this.#search.update(frame.state);
  }

  #updateStats({ known, stats }: Picture): void {
    const show = (element: HTMLElement, text: string, visible = true) => {
      setText(element, text);
      setHidden(element, !known || !visible);
    };
    show(this.#processes, counted(stats.processes, "process", "processes"));
    show(this.#rate, `${rate(stats.rate)} msg/s`);
    show(this.#lag, `loop lag ${milliseconds(stats.lag)}`);
    show(this.#crashes, counted(stats.crashes, "crash", "crashes"));
    show(this.#dropped, `${count(stats.dropped)} dropped`, stats.dropped > 0);
    show(this.#cost, `picture ${milliseconds(stats.cost)}`, stats.cost > 0);
    setAttributes(this.#cost, { title: costTitle(stats.cost, this.#drawing) });
    setAttributes(this.#lag, { "data-level": stats.lag > 0.1 ? "high" : null });
  }
}

/** What observing costs, in words. */
function costTitle(kernel: number, page: number): string {
  return `the last picture took the kernel ${milliseconds(kernel)}, and this page ${milliseconds(page / 1000)}`;
}

function stat(name: string, title: string | null = null): HTMLElement {
  return h("span", { class: "stat", "data-stat": name, title });
}
