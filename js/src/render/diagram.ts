// A state machine's picture: lines below, above them the ways that were just taken, then labels and states.
// Elements stay while their state or transition does, so that a change of state is a change of colour, not of elements.

import { setAttributes, setText, svg } from "../lib/dom.ts";
import { join } from "../lib/join.ts";
import type { Arrow, Machine, Place } from "../protocol.ts";
import {
  headPath,
  keyOf,
  labelLines,
  linePath,
  STATE_HEIGHT,
  startPath,
  takenSince,
} from "./machine.ts";

/** Smaller than this the words cannot be read: then it is scrolled. */
const SMALLEST = 0.74;

/** So many fading trails at a time; a machine may take twenty ways a second. */
const TRAILS = 6;

export class Diagram {
  readonly #lines = svg("g", { class: "lines" });
  readonly #trails = svg("g", { class: "trails" });
  readonly #labels = svg("g", { class: "labels" });
  readonly #places = svg("g", { class: "places" });
  readonly #dot = svg("circle", { r: "4.5" });
  readonly #startLine = svg("path");
  readonly #start = svg("g", { class: "start" }, this.#dot, this.#startLine);
  readonly element = svg(
    "svg",
    { "aria-hidden": "true" },
    this.#start,
    this.#lines,
    this.#trails,
    this.#labels,
    this.#places,
  );
  #drawn: Machine | null = null;
  #machine: Machine | null = null;

  readonly #joinLines = join<Arrow, SVGGElement>(this.#lines, {
    key: keyOf,
    create: () => svg("g", {}, svg("path", { class: "line" }), svg("path", { class: "head" })),
    update: (group, arrow) => this.#line(group, arrow),
  });

  readonly #joinLabels = join<Arrow, SVGGElement>(this.#labels, {
    key: keyOf,
    create: () => svg("g"),
    update: (group, arrow) => this.#label(group, arrow),
  });

  readonly #joinPlaces = join<Place, SVGGElement>(this.#places, {
    key: ({ name }) => name,
    create: ({ name }) => {
      const rect = svg("rect", { height: String(STATE_HEIGHT), rx: String(STATE_HEIGHT / 2) });
      return svg("g", { "data-state": name }, rect, svg("text", { y: "4.5" }));
    },
    update: (group, place) => this.#place(group, place),
  });

  /** The next picture is of another machine: nothing in it is news. */
  forget(): void {
    this.#drawn = null;
    this.#trails.replaceChildren();
    for (const clear of [this.#joinLines, this.#joinLabels, this.#joinPlaces]) clear([]);
  }

  update(machine: Machine): void {
    this.#machine = machine;
    const [left = 0, top = 0, width = 0, height = 0] = machine.frame;
    setAttributes(this.element, {
      viewBox: [left, top, width, height].join(" "),
      width: String(width),
      height: String(height),
    });
    this.element.style.minWidth = `${Math.round(width * SMALLEST)}px`;
    this.element.style.setProperty("--least", `${Math.round(height * SMALLEST)}px`);
    this.#begin(machine.places.find(({ name }) => name === machine.initial));
    this.#joinLines(machine.arrows);
    this.#follow(machine);
    this.#joinLabels(machine.arrows);
    this.#joinPlaces(machine.places);
    this.#drawn = machine;
  }

  #isLast(arrow: Arrow): boolean {
    const last = this.#machine?.last;
    return last !== undefined && last !== null && keyOf(last) === keyOf(arrow);
  }

  #begin(first: Place | undefined): void {
    this.#start.toggleAttribute("hidden", first === undefined);
    if (first === undefined) return;
    setAttributes(this.#dot, { cx: String(first.x - first.w / 2 - 24), cy: String(first.y) });
    setAttributes(this.#startLine, { d: startPath(first) });
  }

  #line(group: SVGGElement, arrow: Arrow): void {
    const [line, head] = group.children;
    setAttributes(group, {
      "data-from": arrow.source,
      "data-to": arrow.target,
      "data-times": String(arrow.times),
      "data-last": String(this.#isLast(arrow)),
    });
    if (line !== undefined) setAttributes(line, { d: linePath(arrow) });
    if (head !== undefined) setAttributes(head, { d: headPath(arrow) });
  }

  /** Draws the ways that were taken since the last picture; the newest one stays. */
  #follow(machine: Machine): void {
    const news = takenSince(this.#drawn?.arrows ?? machine.arrows, machine.arrows);
    if (news.size === 0 && lastLine(this.#drawn) === lastLine(machine)) return;
    for (const trail of this.#trails.children) setAttributes(trail, { class: "past" });
    for (const arrow of machine.arrows) {
      const last = this.#isLast(arrow);
      if (!last && !news.has(keyOf(arrow))) continue;
      const fresh = news.has(keyOf(arrow)) ? " fresh" : "";
      this.#trails.append(trailOf(arrow, last ? `last${fresh}` : "past"));
    }
    while (this.#trails.children.length > TRAILS) this.#trails.firstElementChild?.remove();
  }

  #label(group: SVGGElement, arrow: Arrow): void {
    const lines = labelLines(arrow);
    while (group.children.length > lines.length) group.lastElementChild?.remove();
    while (group.children.length < lines.length) group.append(textWithCount());
    lines.forEach(({ cause, times, y }, index) => {
      const text = group.children[index];
      if (text === undefined) return;
      setAttributes(text, { x: String(arrow.x), y: String(y) });
      const [words, number] = text.children;
      if (words !== undefined) setText(words, times === "" || cause === "" ? cause : `${cause} `);
      if (number !== undefined) setText(number, times);
    });
    setAttributes(group, { class: this.#isLast(arrow) ? "last" : null });
  }

  #place(group: SVGGElement, { name, x, y, w }: Place): void {
    const [rect, text] = group.children;
    group.style.transform = `translate(${x}px, ${y}px)`;
    setAttributes(group, { "data-current": String(name === this.#machine?.current) });
    if (rect !== undefined) {
      const [left, top] = [-w / 2, -STATE_HEIGHT / 2];
      setAttributes(rect, { x: String(left), y: String(top), width: String(w) });
    }
    if (text !== undefined) setText(text, name);
  }
}

/** Where the last way runs: it changes with the way, and when the picture is laid out anew. */
function lastLine(machine: Machine | null): string {
  const last = machine?.last;
  const arrow = last && machine.arrows.find((other) => keyOf(other) === keyOf(last));
  return arrow ? linePath(arrow) : "";
}

function textWithCount(): SVGTextElement {
  return svg("text", {}, svg("tspan"), svg("tspan", { class: "times" }));
}

/** A line that is drawn from its start to its end: `pathLength` makes any line one long. */
function trailOf(arrow: Arrow, className: string): SVGGElement {
  const line = svg("path", { class: "line", d: linePath(arrow), pathLength: "1" });
  return svg("g", { class: className }, line, svg("path", { class: "head", d: headPath(arrow) }));
}
