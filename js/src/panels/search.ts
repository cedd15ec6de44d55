// The search box: what is typed is asked of the kernel a moment later; Enter walks through the hits, Escape ends it.

import type { Actions } from "../actions.ts";
import { h, listen, setHidden, setText } from "../lib/dom.ts";
import { count } from "../lib/format.ts";
import { hits, readingOrder } from "../store/search.ts";
import type { State } from "../store/store.ts";

const PAUSE_MS = 150;

export class SearchBox {
  readonly #actions: Actions;
  readonly #input = h("input", {
    type: "search",
    placeholder: "Search names, classes, pids",
    "aria-label": "Search names, classes, pids",
    autocomplete: "off",
    spellcheck: "false",
    "data-role": "search",
  });
  readonly #hint = h("kbd", { "aria-hidden": "true" }, "/");
  readonly #found = h("span", { class: "found", role: "status" });
  readonly element = h("label", { class: "search" }, this.#input, this.#found, this.#hint);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hits: readonly string[] = [];
  #at = -1;

  constructor(actions: Actions, signal: AbortSignal) {
    this.#actions = actions;
    listen(this.#input, "input", () => this.#later(), signal);
    listen(this.#input, "keydown", (event) => this.#press(event), signal);
    signal.addEventListener("abort", () => clearTimeout(this.#timer), { once: true });
  }

  focus(): void {
    this.#input.focus();
    this.#input.select();
  }

  update(state: State): void {
    const { text, total } = state.ui.search;
    const matching = hits(state);
    const order = matching === null ? [] : readingOrder(state.picture.children);
    this.#hits = order.filter((key) => matching?.has(key));
    setHidden(this.#hint, this.#input.value !== "");
    setText(this.#found, matching === null ? "" : this.#tally(total ?? matching.size));
    // Another view of the same model may have searched: show what is in force, but never under the writer's fingers.
    if (!this.#input.matches(":focus") && this.#input.value !== text) this.#input.value = text;
  }

  #tally(total: number): string {
    if (total === 0) return "none";
    return this.#at < 0 ? count(total) : `${count(this.#at + 1)} of ${count(total)}`;
  }

  #later(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PAUSE_MS);
  }

  #ask(): void {
    clearTimeout(this.#timer);
    this.#at = -1;
    this.#actions.search(this.#input.value.trim());
  }

  #press(event: KeyboardEvent): void {
    if (event.key === "Enter") this.#next(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") this.#clear();
    else return;
    event.preventDefault();
  }

  #next(step: number): void {
    if (this.#hits.length === 0) {
      this.#ask();
      return;
    }
    const start = this.#at < 0 && step < 0 ? 0 : this.#at;
    this.#at = (start + step + this.#hits.length) % this.#hits.length;
    this.#actions.select(this.#hits[this.#at] ?? "");
  }

  #clear(): void {
    this.#input.value = "";
    this.#ask();
  }
}
