// The line on top: which node, how it fares, what is wrong with it, and the search box.

import type { Actions } from "../actions.ts";
import { h, listen, setAttributes, setHidden, setText } from "../lib/dom.ts";
import { count, counted, milliseconds, rate } from "../lib/format.ts";
import type { Picture } from "../store/picture.ts";
import type { State } from "../store/store.ts";
import type { LinkState } from "../store/ui.ts";
import { button } from "./kill.ts";
import { Notice } from "./notice.ts";
import type { SearchBox } from "./search.ts";

const DOT_TITLES: Readonly<Record<LinkState, string>> = {
  connecting: "waiting for the kernel",
  live: "live",
  blocked: "the kernel's loop is blocked",
  stopped: "the runtime has stopped",
  foreign: "the kernel speaks another version",
};

export class Toolbar {
  readonly #dot = h("span", { class: "dot", role: "img" });
  readonly #node = h("b", { class: "node" });
  readonly #processes = stat("processes");
  readonly #rate = stat("rate");
  readonly #lag = stat("lag", "the loop's worst delay since the last frame");
  readonly #crashes = stat("crashes");
  readonly #dropped = stat("dropped", "events that the bounded recorder had to forget");
  readonly #cuts = stat("cuts");
  readonly #heal = button("Heal", {
    "data-action": "heal",
    title: "open all ways between the nodes again",
  });
  readonly #notice = new Notice();
  readonly element: HTMLElement;

  constructor(search: SearchBox, actions: Actions, signal: AbortSignal) {
    listen(this.#heal, "click", () => actions.command("heal", "", "the network"), signal);
    const who = h("span", { class: "who" }, this.#dot, this.#node);
    const numbers = [this.#processes, this.#rate, this.#lag, this.#crashes, this.#dropped];
    const stats = h("span", { class: "stats" }, ...numbers);
    this.element = h(
      "header",
      { class: "toolbar" },
      who,
      stats,
      this.#cuts,
      this.#heal,
      this.#notice.element,
      search.element,
    );
  }

  update({ picture, ui }: State, at: number): void {
    this.#notice.update(ui.link, at);
    setAttributes(this.#dot, {
      "data-state": ui.link.state,
      "aria-label": DOT_TITLES[ui.link.state],
      title: DOT_TITLES[ui.link.state],
    });
    setText(this.#node, picture.node || "actorbook");
    setAttributes(this.#node, { title: picture.root === "" ? null : `below ${picture.root}` });
    this.#updateStats(picture);
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
    show(this.#cuts, cutsText(stats.cuts), stats.cuts.length > 0);
    setAttributes(this.#cuts, { title: stats.cuts.join("\n") });
    setHidden(this.#heal, !known || stats.cuts.length === 0);
    setAttributes(this.#lag, { "data-level": stats.lag > 0.1 ? "high" : null });
  }
}

/** One cut is told in full, several are counted. */
function cutsText(cuts: readonly string[]): string {
  return cuts.length === 1 ? `cut: ${cuts[0]}` : counted(cuts.length, "cut");
}

function stat(name: string, title: string | null = null): HTMLElement {
  return h("span", { class: "stat", "data-stat": name, title });
}
