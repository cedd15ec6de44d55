// Who does how much, as a grid (the ARIA pattern): headers sort, arrows walk from cell to cell, Enter leads to the process.

import type { Actions } from "../actions.ts";
import { h, listen, setAttributes, setHidden, setText, svg } from "../lib/dom.ts";
import { count, counted, rate } from "../lib/format.ts";
import { join } from "../lib/join.ts";
import { button } from "../panels/button.ts";
import type { Frame, Part, PartContext, PartSpec } from "../parts.ts";
import type { Rank } from "../protocol.ts";
import { sparkPoints } from "../render/spark.ts";
import { rowFor } from "../store/lookup.ts";
import type { State } from "../store/store.ts";

interface Column {
  readonly by: string;
  readonly title: string;
  readonly hint: string;
  readonly text: (rank: Rank) => string;
}

/** A share of the time: `12.3 %`; empty for none, a dash for what is not measured. */
export function shareText(share: number | null): string {
  if (share === null) return "–";
  if (share === 0) return "";
  return share < 0.0005 ? "< 0.1 %" : `${(share * 100).toFixed(1)} %`;
}

/** Bytes with a unit. */
export function bytesText(bytes: number | null): string {
  if (bytes === null) return "–";
  if (bytes < 1e3) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;
}

const COLUMNS: readonly Column[] = [
  { by: "pid", title: "pid", hint: "By age", text: ({ pid }) => pid },
  { by: "name", title: "name", hint: "By name", text: ({ name }) => name },
  { by: "", title: "class", hint: "", text: ({ cls }) => cls },
  {
    by: "mailbox",
    title: "mailbox",
    hint: "Messages that wait",
    text: ({ mailbox }) => count(mailbox),
  },
  {
    by: "rate",
    title: "msg/s",
    hint: "Messages handled in a second",
    text: (rank) => (rank.rate > 0 ? rate(rank.rate) : ""),
  },
  {
    by: "time",
    title: "time",
    hint: "Share of the time spent in its callbacks",
    text: ({ time }) => shareText(time),
  },
  {
    by: "late",
    title: "late",
    hint: "Share of the time in which it kept the loop waiting",
    text: ({ late }) => shareText(late),
  },
  {
    by: "memory",
    title: "memory",
    hint: "Estimate of mailbox and state",
    text: ({ memory }) => bytesText(memory),
  },
  {
    by: "restarts",
    title: "↻",
    hint: "Restarts",
    text: ({ restarts }) => (restarts > 0 ? count(restarts) : ""),
  },
];
const LEFT = 3;
const RATE = 4;
const TIME = 5;

/** The cell that a key leads to in a grid of so many rows and columns; null when the key is none of ours. */
export function cellFor(
  key: string,
  [row, column]: readonly [number, number],
  rows: number,
  columns: number,
): readonly [number, number] | null {
  const inside = (value: number, most: number) => Math.max(0, Math.min(most - 1, value));
  const steps: Readonly<Record<string, readonly [number, number]>> = {
    ArrowUp: [row - 1, column],
    ArrowDown: [row + 1, column],
    ArrowLeft: [row, column - 1],
    ArrowRight: [row, column + 1],
    PageUp: [row - 10, column],
    PageDown: [row + 10, column],
    Home: [row, 0],
    End: [row, columns - 1],
  };
  const to = steps[key];
  return to === undefined ? null : [inside(to[0], rows), inside(to[1], columns)];
}

class Line {
  readonly #cells = COLUMNS.map((_, index) =>
    h("span", { role: "gridcell", tabindex: "-1", class: index < LEFT ? "left" : "" }),
  );
  readonly #texts = COLUMNS.map(() => h("span"));
  readonly #line = svg("polyline");
  readonly #bar = h("i");
  readonly element = h("div", { role: "row" }, ...this.#cells);

  constructor() {
    for (const [index, cell] of this.#cells.entries()) cell.append(this.#texts[index] ?? "");
    const spark = svg("svg", { class: "spark", width: "46", height: "13", "aria-hidden": "true" });
    spark.append(this.#line);
    this.#cells[RATE]?.append(spark);
    this.#cells[TIME]?.append(this.#bar);
  }

  update(rank: Rank, past: readonly number[]): void {
    for (const [index, column] of COLUMNS.entries()) {
      const text = this.#texts[index];
      if (text !== undefined) setText(text, column.text(rank));
    }
    this.#line.setAttribute("points", past.some((one) => one > 0) ? sparkPoints(past) : "");
    this.#bar.style.setProperty("--p", `${Math.min(100, Math.round((rank.time ?? 0) * 100))}%`);
    setHidden(this.#bar, rank.time === null);
    const crowd = rank.mailbox > 1000 ? "high" : rank.mailbox > 100 ? "some" : null;
    setAttributes(this.element, {
      "data-pid": rank.pid,
      "data-name": rank.name,
      "data-crowd": crowd,
      "data-late": rank.late ? "" : null,
    });
  }
}

class TopView implements Part {
  readonly #actions: Actions;
  readonly #filter = h("input", {
    type: "search",
    placeholder: "Filter by name, class, status or pid",
    "aria-label": "Filter by name, class, status or pid",
    "data-role": "top-filter",
    spellcheck: "false",
  });
  readonly #said = h("span", { class: "said", role: "status" });
  readonly #heads: readonly HTMLElement[];
  readonly #rows = h("div", { role: "rowgroup", "data-role": "top-rows" });
  readonly #grid: HTMLElement;
  readonly #lines = new Map<string, Line>();
  readonly element: HTMLElement;
  #state: State | null = null;
  #drawn: unknown = null;
  #by = "time";
  #at: readonly [number, number] = [0, 0];

  readonly #join = join<Rank, HTMLElement>(this.#rows, {
    key: ({ pid }) => pid,
    create: ({ pid }) => {
      const line = new Line();
      this.#lines.set(pid, line);
      return line.element;
    },
    update: (_, rank) =>
      this.#lines.get(rank.pid)?.update(rank, this.#state?.watch.past.get(rank.pid) ?? []),
    remove: (pid) => this.#lines.delete(pid),
  });

  constructor({ actions, signal }: PartContext) {
    this.#actions = actions;
    this.#heads = COLUMNS.map((column, index) => this.#head(column, index, signal));
    const head = h("div", { role: "row", class: "heads-row" }, ...this.#heads);
    this.#grid = h(
      "div",
      { role: "grid", class: "top-grid", "aria-label": "Processes", "data-role": "top" },
      h("div", { role: "rowgroup" }, head),
      this.#rows,
    );
    const bar = h("div", { class: "trace-bar" }, this.#filter, this.#said);
    this.element = h("div", { class: "top-view" }, bar, this.#grid);
    listen(this.#filter, "input", () => this.#sort(this.#by), signal);
    listen(this.#grid, "keydown", (event) => this.#press(event), signal);
    listen(this.#grid, "dblclick", (event) => this.#visit(event.target), signal);
    listen(this.#grid, "click", (event) => this.#walkTo(event.target), signal);
  }

  update({ state }: Frame): void {
    const { top } = state.watch;
    if (top === this.#drawn || top === null) return;
    this.#state = state;
    this.#drawn = top;
    this.#by = top.sort;
    this.#join(top.ranks);
    const shown = `${count(top.ranks.length)} of ${counted(top.total, "process", "processes")}`;
    setText(this.#said, `${shown} · of the last ${top.seconds.toFixed(1)} s`);
    for (const [index, head] of this.#heads.entries()) {
      const by = COLUMNS[index]?.by;
      const order = by === "name" || by === "pid" ? "ascending" : "descending";
      setAttributes(head, { "aria-sort": by === top.sort ? order : by === "" ? null : "none" });
    }
    setAttributes(this.#grid, { "aria-rowcount": String(top.total + 1) });
    this.#rove(false);
  }

  #head({ by, title, hint }: Column, index: number, signal: AbortSignal): HTMLElement {
    const label = by === "" ? h("span", {}, title) : button(title, { title: hint, tabindex: "-1" });
    const cell = h(
      "span",
      { role: "columnheader", class: index < LEFT ? "left" : "", "data-sort": by },
      label,
    );
    if (label instanceof HTMLButtonElement) listen(label, "click", () => this.#sort(by), signal);
    return cell;
  }

  #sort(by: string): void {
    this.#by = by;
    this.#actions.watch({ type: "sort", by, filter: this.#filter.value.trim() });
  }

  /** The cells of a row of the grid; row 0 are the headers. */
  #cells(row: number): readonly HTMLElement[] {
    if (row === 0)
      return this.#heads.map((head) => (head.firstElementChild ?? head) as HTMLElement);
    return [...(this.#rows.children[row - 1]?.children ?? [])] as HTMLElement[];
  }

  #press(event: KeyboardEvent): void {
    if (event.key === "Enter" && this.#at[0] > 0) this.#visit(event.target);
    else {
      const rows = this.#rows.children.length + 1;
      const to = cellFor(event.key, this.#at, rows, COLUMNS.length);
      if (to === null) return;
      this.#at = to;
      this.#rove(true);
    }
    event.preventDefault();
  }

  #walkTo(target: EventTarget | null): void {
    const cell = target instanceof Element ? target.closest("[role=gridcell]") : null;
    const row = cell?.parentElement;
    if (!cell || !row) return;
    this.#at = [[...this.#rows.children].indexOf(row) + 1, [...row.children].indexOf(cell)];
    this.#rove(true);
  }

  /** One cell of the grid is its tab stop. */
  #rove(focus: boolean): void {
    const rows = this.#rows.children.length + 1;
    this.#at = [Math.min(this.#at[0], rows - 1), this.#at[1]];
    for (const old of this.#grid.querySelectorAll('[tabindex="0"]'))
      old.setAttribute("tabindex", "-1");
    const cell = this.#cells(this.#at[0])[this.#at[1]];
    cell?.setAttribute("tabindex", "0");
    if (focus) cell?.focus();
  }

  #visit(target: EventTarget | null): void {
    const line = target instanceof Element ? target.closest<HTMLElement>("[data-pid]") : null;
    if (line === null || this.#state === null) return;
    const { pid = "", name = "" } = line.dataset;
    const row = rowFor(this.#state.picture, pid, name);
    if (row !== undefined) this.#actions.select(row.key);
  }
}

export const topView: PartSpec = {
  id: "top",
  title: "Top",
  mount: (context) => new TopView(context),
};
