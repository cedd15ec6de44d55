// Draws a laid-out sequence: heads that stay in sight, and below them lifelines, messages, marks.

import { setAttributes, setClass, setText, svg } from "../lib/dom.ts";
import { join } from "../lib/join.ts";
import type { Box, Flight, Lane, Sequence, Stop } from "../protocol.ts";
import { flightPath, labelPlace, stopPath, tipPath } from "./sequence.ts";

const HEAD = { width: 104, height: 40, letters: 14 };

class Line {
  readonly #title = svg("title");
  readonly #path = svg("path", { class: "msg" });
  readonly #tip = svg("path");
  readonly #label = svg("text", { class: "lab" });
  readonly element = svg(
    "g",
    { role: "listitem", tabindex: "-1" },
    this.#title,
    this.#path,
    this.#tip,
    this.#label,
  );

  update(flight: Flight): void {
    const tip = tipPath(flight);
    const [x, y] = labelPlace(flight);
    setText(this.#title, flight.title);
    setAttributes(this.#path, { d: flightPath(flight) });
    setAttributes(this.#tip, { d: tip.path, class: tip.filled ? "tip" : "open-tip" });
    setAttributes(this.#label, { x: String(x), y: String(y) });
    setText(this.#label, flight.label);
    setAttributes(this.element, {
      "data-number": String(flight.number),
      "data-what": flight.what,
      "data-end": flight.end,
      "aria-label": flight.title,
    });
  }
}

export class Chart {
  readonly #lines = new Map<string, Line>();
  readonly #back = svg("g");
  readonly #messages = svg("g", { role: "list", "aria-label": "Messages in order" });
  readonly #front = svg("g");
  readonly body = svg("svg", { class: "body-chart" }, this.#back, this.#messages, this.#front);
  readonly heads = svg("svg", { class: "heads", "aria-hidden": "true" });
  #drawn: Sequence | null = null;
  #scale = 1;

  readonly #join = join<Flight, SVGElement>(this.#messages, {
    key: ({ number }) => String(number),
    create: ({ number }) => {
      const line = new Line();
      this.#lines.set(String(number), line);
      return line.element;
    },
    update: (_, flight) => this.#lines.get(String(flight.number))?.update(flight),
    remove: (key) => this.#lines.delete(key),
  });

  get scale(): number {
    return this.#scale;
  }

  zoomTo(scale: number): void {
    this.#scale = Math.min(2, Math.max(0.4, scale));
    if (this.#drawn !== null) this.#size(this.#drawn);
  }

  update(sequence: Sequence): void {
    if (sequence === this.#drawn) return;
    this.#drawn = sequence;
    this.#size(sequence);
    const { lanes, nodes, loops, bars, ticks, notes, stops, flights, top } = sequence;
    this.#back.replaceChildren(
      ...loops.map(loop),
      ...lanes.flatMap(lives),
      ...bars.map(({ x, y1, y2 }) => rect("bar", x - 3, y1, 6, y2 - y1, 2)),
      ...ticks.map(({ y, label }) => text("tick", 62, y + 3.5, label)),
    );
    this.#join(flights);
    this.#front.replaceChildren(
      ...stops.map(stop),
      ...notes.map(({ y, label }) => text("note", 16, y, label)),
    );
    this.heads.replaceChildren(...nodes.map(node), ...lanes.map((lane) => head(lane, top)));
    const first = this.#messages.firstElementChild;
    if (this.#messages.querySelector('[tabindex="0"]') === null && first !== null)
      setAttributes(first, { tabindex: "0" });
  }

  /** Marks the messages that led to one, and the one. */
  mark(chain: ReadonlySet<number>, chosen: number): void {
    for (const [key, line] of this.#lines) {
      setClass(line.element, "led", chain.has(Number(key)));
      setClass(line.element, "chosen", Number(key) === chosen);
      setAttributes(line.element, { tabindex: Number(key) === chosen ? "0" : "-1" });
    }
    setClass(this.body, "following", chain.size > 0);
  }

  #size({ width, height, top }: Sequence): void {
    const head = top - 4;
    const px = (value: number) => String(Math.ceil(value * this.#scale));
    setAttributes(this.heads, {
      width: px(width),
      height: px(head),
      viewBox: `0 0 ${width} ${head}`,
    });
    setAttributes(this.body, {
      width: px(width),
      height: px(height - head),
      viewBox: `0 ${head} ${width} ${height - head}`,
    });
  }
}

function rect(kind: string, x: number, y: number, w: number, h: number, rx: number): SVGElement {
  const places = { x: String(x), y: String(y), width: String(w), height: String(h) };
  return svg("rect", { class: kind, ...places, rx: String(rx) });
}

function text(kind: string, x: number, y: number, words: string): SVGElement {
  const element = svg("text", { class: kind, x: String(x), y: String(y) });
  element.textContent = words;
  return element;
}

function loop({ x, y, w, h, label }: Box): SVGElement {
  return svg("g", {}, rect("loop", x, y, w, h, 6), text("times", x + 8, y + 13, label));
}

function node({ x, y, w, h, label }: Box): SVGElement {
  return svg("g", {}, rect("node", x, y, w, h, 9), text("where", x + 10, y + 16, label));
}

function lives({ x, lives: stretches }: Lane): SVGElement[] {
  const whole = svg("path", { class: "gone", d: `M${x},0V100000` });
  return [
    whole,
    ...stretches.map(([from = 0, to = 0]) =>
      svg("path", { class: "life", d: `M${x},${from}V${to}` }),
    ),
  ];
}

function head({ x, name, pid, node: where }: Lane, top: number): SVGElement {
  const y = top - 52;
  const title = svg("title");
  title.textContent = `${name} ${pid} ${where}`.trim();
  const short = name.length > HEAD.letters ? `${name.slice(0, HEAD.letters - 1)}…` : name;
  return svg(
    "g",
    {},
    title,
    rect("head", x - HEAD.width / 2, y, HEAD.width, HEAD.height, 8),
    text("name", x, y + 18, short),
    text("pid", x, y + 32, pid),
  );
}

function stop(mark: Stop): SVGElement {
  const title = svg("title");
  title.textContent = mark.title;
  const below = mark.kind === "restarted" ? 15 : 3.5;
  return svg(
    "g",
    { class: "stop", "data-kind": mark.kind },
    title,
    svg("path", { d: stopPath(mark) }),
    text("lab", mark.x + 12, mark.y + below, mark.label),
  );
}
