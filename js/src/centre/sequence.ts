// The space-time diagram as a view of the centre: it grows while messages go, and shows the end of it unless its reader has
// gone back. Pointing at a message, or walking there by arrows, marks all that led to it.

import type { Actions } from "../actions.ts";
import { h, listen, setHidden, setText } from "../lib/dom.ts";
import { count } from "../lib/format.ts";
import { button } from "../panels/button.ts";
import { TraceBar } from "../panels/trace.ts";
import type { Frame, Part, PartContext, PartSpec } from "../parts.ts";
import type { Sequence } from "../protocol.ts";
import { Chart } from "../render/chart.ts";
import { windowAfter } from "../render/sequence.ts";
import { chainOf } from "../store/watch.ts";

/** So many steps does the kernel lay out at a time. */
const WINDOW = 160;
const LIMIT = 4000;
const RATE = 500;

class SequenceView implements Part {
  readonly #actions: Actions;
  readonly #chart = new Chart();
  readonly #bar: TraceBar;
  readonly #empty = h("p", { class: "empty" }, "Waiting for messages …");
  readonly #stage = h(
    "div",
    { class: "chart", "data-role": "sequence" },
    this.#chart.heads,
    this.#chart.body,
  );
  readonly #slip = h("pre", { class: "slip", "data-role": "payload", "aria-live": "polite" });
  readonly #place = h("span", { class: "place" });
  readonly #moves: HTMLElement;
  readonly element: HTMLElement;
  #sequence: Sequence | null = null;
  #live = true;
  #chosen = 0;

  constructor({ actions, signal }: PartContext) {
    this.#actions = actions;
    this.#bar = new TraceBar(
      {
        role: "sequence",
        targets: true,
        limit: LIMIT,
        rate: RATE,
        start: (wish) => {
          this.#live = true;
          actions.watch({ type: "trace", ...wish });
        },
        stop: () => actions.watch({ type: "untrace" }),
      },
      signal,
    );
    const move = (press: "earlier" | "later" | "live", text: string, title: string) => {
      const element = button(text, { "data-action": press, title, "aria-label": title });
      listen(element, "click", () => this.#move(press), signal);
      return element;
    };
    this.#moves = h(
      "div",
      { class: "zoom moves", role: "group", "aria-label": "Part of the diagram" },
      move("earlier", "↑", "Earlier"),
      this.#place,
      move("later", "↓", "Later"),
      move("live", "Live", "The end, as it grows"),
    );
    this.element = h(
      "div",
      { class: "sequence-view" },
      this.#bar.element,
      this.#stage,
      this.#empty,
      this.#slip,
      this.#moves,
    );
    setHidden(this.#slip, true);
    listen(this.#stage, "pointerover", (event) => this.#point(event.target, false), signal);
    listen(this.#stage, "pointerleave", () => this.#mark(this.#chosen), signal);
    listen(this.#stage, "click", (event) => this.#point(event.target, true), signal);
    listen(this.#stage, "keydown", (event) => this.#press(event), signal);
    listen(this.#stage, "wheel", (event) => this.#wheel(event), signal);
    listen(this.#stage, "pointerdown", (event) => this.#grab(event), signal);
  }

  update({ state }: Frame): void {
    const { sequence } = state.watch;
    setHidden(this.#empty, sequence !== null && sequence.lanes.length > 0);
    if (sequence === this.#sequence || sequence === null) return;
    const stage = this.#stage;
    const atEnd = stage.scrollHeight - stage.scrollTop - stage.clientHeight < 60;
    this.#sequence = sequence;
    this.#bar.update(sequence.said, sequence.running, sequence.targets);
    this.#chart.update(sequence);
    const last = Math.min(sequence.first + WINDOW, sequence.steps);
    setText(
      this.#place,
      `${count(sequence.first + 1)} – ${count(last)} of ${count(sequence.steps)}`,
    );
    setHidden(this.#moves, sequence.steps <= WINDOW);
    this.#mark(this.#chosen);
    if (this.#live && atEnd) stage.scrollTop = stage.scrollHeight;
  }

  #move(press: "earlier" | "later" | "live"): void {
    if (this.#sequence === null) return;
    const { first, steps } = this.#sequence;
    const to = windowAfter(press, first, steps, WINDOW);
    this.#live = to < 0;
    this.#stage.scrollTop = 0;
    this.#actions.watch({ type: "window", first: to });
  }

  #point(target: EventTarget | null, choose: boolean): void {
    const line = target instanceof Element ? target.closest("[data-number]") : null;
    const number = Number(line?.getAttribute("data-number") ?? 0);
    if (choose) this.#choose(number);
    else this.#mark(number || this.#chosen);
  }

  #choose(number: number): void {
    this.#chosen = number === this.#chosen ? 0 : number;
    const flight = this.#sequence?.flights.find((one) => one.number === this.#chosen);
    setText(this.#slip, flight?.title ?? "");
    setHidden(this.#slip, flight === undefined);
    this.#mark(this.#chosen);
  }

  #mark(number: number): void {
    this.#chart.mark(chainOf(this.#sequence?.flights ?? [], number), this.#chosen);
  }

  /** Arrows walk from message to message, Enter keeps one, Escape lets it go, + and − zoom. */
  #press(event: KeyboardEvent): void {
    const here = event.target instanceof Element ? event.target.closest("[data-number]") : null;
    const next =
      event.key === "ArrowDown" ? here?.nextElementSibling : here?.previousElementSibling;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (next instanceof SVGElement) {
        next.focus();
        this.#point(next, false);
      }
    } else if (event.key === "Enter" || event.key === " ") this.#point(here, true);
    else if (event.key === "Escape" && this.#chosen !== 0) this.#choose(this.#chosen);
    else if (event.key === "+") this.#chart.zoomTo(this.#chart.scale * 1.2);
    else if (event.key === "-") this.#chart.zoomTo(this.#chart.scale / 1.2);
    else return;
    event.preventDefault();
  }

  #wheel(event: WheelEvent): void {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    this.#chart.zoomTo(this.#chart.scale * Math.exp(-event.deltaY / 300));
  }

  /** Drags the paper by its empty parts. */
  #grab(event: PointerEvent): void {
    const onMessage = event.target instanceof Element && event.target.closest("[data-number]");
    if (onMessage || event.button !== 0 || event.pointerType === "touch") return;
    const ended = new AbortController();
    const stage = this.#stage;
    const drag = (move: PointerEvent) => stage.scrollBy(-move.movementX, -move.movementY);
    stage.setPointerCapture(event.pointerId);
    listen(stage, "pointermove", drag, ended.signal);
    for (const end of ["pointerup", "pointercancel"] as const) {
      listen(stage, end, () => ended.abort(), ended.signal);
    }
  }
}

export const sequenceView: PartSpec = {
  id: "sequence",
  title: "Sequence",
  badge: ({ state }) => {
    const sequence = state.watch.sequence;
    return sequence?.running && sequence.steps > 0 ? count(sequence.steps) : "";
  },
  mount: (context) => new SequenceView(context),
};
