// Values as lines that unfold: name, then the value in one line and in the colour of its kind.

import { h, setAttributes, setClass, setHidden, setText } from "../lib/dom.ts";
import { count } from "../lib/format.ts";
import { join } from "../lib/join.ts";
import { button } from "../panels/button.ts";
import type { Value } from "../protocol.ts";
import { type ValueLine, valueLines } from "../store/values.ts";

class Line {
  readonly #fold = button("", { class: "fold" });
  readonly #name = h("span", { class: "key" });
  readonly #text = h("span", { class: "value" });
  readonly element = h("li", {}, this.#fold, this.#name, this.#text);

  update({ value, depth, branch, open, hit, path }: ValueLine): void {
    this.element.style.setProperty("--depth", String(depth));
    setText(this.#fold, branch ? (open ? "▾" : "▸") : "");
    setAttributes(this.#fold, {
      "aria-expanded": branch ? String(open) : null,
      "aria-label": branch
        ? `${value.name}, ${count(value.parts.length + value.more)} parts`
        : null,
      "data-path": path,
      tabindex: branch ? null : "-1",
    });
    this.#fold.disabled = !branch;
    setText(this.#name, value.name);
    const more = open && value.more > 0 ? ` … ${count(value.more)} more` : "";
    setText(this.#text, value.text + more);
    setAttributes(this.#text, { "data-kind": value.kind, title: value.text });
    setClass(this.element, "hit", hit);
  }
}

export class Values {
  readonly #open = new Set<string>();
  readonly #lines = new Map<string, Line>();
  readonly element = h("ul", { class: "values" });
  #values: readonly Value[] = [];
  #search = "";
  #drawn: readonly Value[] | null = null;

  readonly #join = join<ValueLine, HTMLElement>(this.element, {
    key: ({ path }) => path,
    create: ({ path }) => {
      const line = new Line();
      this.#lines.set(path, line);
      return line.element;
    },
    update: (_, line) => this.#lines.get(line.path)?.update(line),
    remove: (path) => this.#lines.delete(path),
  });

  constructor(role: string, signal: AbortSignal) {
    setAttributes(this.element, { "data-role": role });
    this.element.addEventListener("click", (event) => this.#click(event), { signal });
  }

  update(values: readonly Value[], search = ""): void {
    if (values === this.#drawn && search === this.#search) return;
    this.#values = values;
    this.#search = search;
    this.#draw();
  }

  #draw(): void {
    this.#drawn = this.#values;
    const lines = valueLines(this.#values, this.#open, this.#search);
    setHidden(this.element, lines.length === 0);
    this.#join(lines);
  }

  #click(event: MouseEvent): void {
    // The value itself is left alone: who marks a text to copy it does not want it folded.
    const part = event.target instanceof Element ? event.target.closest(".fold, .key") : null;
    const fold = part?.closest("li")?.querySelector<HTMLButtonElement>(".fold:not(:disabled)");
    const path = fold?.dataset.path;
    if (path === undefined) return;
    if (!this.#open.delete(path)) this.#open.add(path);
    this.#draw();
  }
}
