// Why it ended: the dead generations of the selected slot, each with its reason, its age and, on demand, its traceback.

import { h, setAttributes, setClass, setHidden, setText } from "../lib/dom.ts";
import { ago } from "../lib/format.ts";
import { type Joined, join } from "../lib/join.ts";
import type { DeadGeneration, Exit, Row } from "../protocol.ts";
import { generation, isNormal } from "../store/derive.ts";

interface Ended {
  readonly exit: Exit;
  readonly traceback: string;
  /** Which generation of the slot it was, counted from 1. */
  readonly number: number;
}

/** The details know the tracebacks; the row is there at once. */
export function endings(row: Row, exits: readonly DeadGeneration[] | null): readonly Ended[] {
  const dead = exits ?? row.exits.map((exit) => ({ ...exit, traceback: "" }));
  // An empty slot's last inhabitant is the newest of the dead; else the living one comes after it.
  const newest = row.pid === "" ? generation(row) : generation(row) - 1;
  return dead.map(({ traceback, ...exit }, index) => ({
    exit,
    traceback: traceback.trim(),
    number: Math.max(1, newest - index),
  }));
}

class Line {
  readonly #generation = h("span", { class: "gen" });
  readonly #reason = h("span", { class: "reason" });
  readonly #age = h("time");
  readonly #trace = h("pre", { class: "traceback", tabindex: "0" });
  readonly #fold: HTMLDetailsElement;
  readonly element: HTMLElement;

  constructor() {
    const summary = h("summary", {}, this.#generation, this.#reason, this.#age);
    this.#fold = h("details", {}, summary, this.#trace);
    this.element = h("li", {}, this.#fold);
  }

  update({ exit, traceback, number }: Ended, now: number): void {
    setText(this.#generation, `gen ${number}`);
    setText(this.#reason, exit.reason);
    setText(this.#age, ago(now - exit.at));
    setText(this.#trace, traceback);
    setHidden(this.#trace, traceback === "");
    setClass(this.#fold, "bare", traceback === "");
    setClass(this.element, "normal", isNormal(exit.reason));
    setAttributes(this.element, { title: `${exit.pid}: ${exit.reason}` });
  }
}

export class Why {
  readonly #lines = new Map<string, Line>();
  readonly #join: Joined<Ended, HTMLElement>;
  readonly element: HTMLElement;
  #now = 0;

  constructor(title: string, role: string) {
    const list = h("ol", { class: "why", "data-role": role });
    this.element = h("section", {}, h("h4", {}, title), list);
    this.#join = this.#joinIn(list);
  }

  update(row: Row, exits: readonly DeadGeneration[] | null, now: number): void {
    this.#now = now;
    const ended = endings(row, exits);
    setHidden(this.element, ended.length === 0);
    this.#join(ended);
  }

  #joinIn(list: HTMLElement): Joined<Ended, HTMLElement> {
    return join<Ended, HTMLElement>(list, {
      key: keyOf,
      create: (ended) => {
        const line = new Line();
        this.#lines.set(keyOf(ended), line);
        return line.element;
      },
      update: (_, ended) => this.#lines.get(keyOf(ended))?.update(ended, this.#now),
      remove: (key) => this.#lines.delete(key),
    });
  }
}

function keyOf({ exit }: Ended): string {
  return `${exit.pid} ${exit.at}`;
}
