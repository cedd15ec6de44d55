// The run so far as a line: how much happened when, crashes, restarts and faults, and a thumb to go back in time with.

import type { Actions } from "../actions.ts";
import { h, listen, setAttributes, setHidden, setText, svg } from "../lib/dom.ts";
import { count } from "../lib/format.ts";
import { join } from "../lib/join.ts";
import { pageTimers } from "../lib/timers.ts";
import { button } from "../panels/button.ts";
import type { Frame, Part, PartContext, PartSpec } from "../parts.ts";
import type { Link, Mark, Timeline } from "../protocol.ts";
import { heights, place, timeAt, WIDTH, wish } from "./line.ts";

const HEIGHT = 38;
const PLAY_MS = 220;

class TimelinePanel implements Part {
  readonly #actions: Actions;
  readonly #live = button("● LIVE", { class: "live", "data-action": "live" });
  readonly #number = h("span", { class: "number", "data-role": "event-number" });
  readonly #kept = h("span", { class: "number" });
  readonly #play = button("▶", { "data-action": "play", "aria-label": "play", title: "play" });
  readonly #bars = svg("path", { class: "bars" });
  readonly #marks = h("div", { class: "marks", "aria-hidden": "true" });
  readonly #thumb = svg("g", { class: "thumb" }, svg("path", { d: `M0,0V${HEIGHT}` }));
  readonly #line = svg(
    "svg",
    {
      class: "line",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      preserveAspectRatio: "none",
      role: "slider",
      tabindex: "0",
      "aria-label": "Moment that is shown",
      "data-role": "scrubber",
    },
    svg("path", { class: "ground", d: `M0,${HEIGHT}H${WIDTH}` }),
    this.#bars,
    this.#thumb,
  );
  readonly #chain = h("ol", {
    class: "chain",
    "data-role": "chain",
    "aria-label": "What led to it",
  });
  readonly #hint = h(
    "p",
    { class: "hint" },
    "▲ crash  ● restart  ◆ fault  ·  drag to go back in time  ·  ← → event by event  ·  N next crash, P the one before  ·  Esc live",
  );
  readonly element: HTMLElement;
  #timeline: Timeline | null = null;
  #playing = false;
  /** One wish at a time: the kernel's answer asks for the next. */
  #wanted: number | null = null;
  #waits = false;

  readonly #join = join<Mark, HTMLElement>(this.#marks, {
    key: ({ n }) => String(n),
    create: (mark) => sign(mark),
    update: (element, mark) => {
      const x = this.#timeline === null ? 0 : place(this.#timeline, mark.at) / (WIDTH / 100);
      setAttributes(element, { style: `left: ${x.toFixed(2)}%` });
    },
  });
  readonly #links = join<Link, HTMLElement>(this.#chain, {
    key: ({ n }) => String(n),
    create: (link) => this.#linkOf(link),
    update: (element, { n }) =>
      setAttributes(element, { "data-here": String(n === this.#timeline?.moment?.n) }),
  });

  constructor({ actions, signal }: PartContext) {
    this.#actions = actions;
    const crash = (name: string, sign: string, value: number) => {
      const made = button(sign, { "data-action": name, "aria-label": name, title: name });
      listen(made, "click", () => this.#scrub("crash", value), signal);
      return made;
    };
    listen(this.#live, "click", () => this.#toLive(), signal);
    listen(this.#play, "click", () => this.#togglePlay(), signal);
    listen(this.#line, "keydown", (event) => this.#press(event), signal);
    listen(this.#line, "pointerdown", (event) => this.#grab(event), signal);
    listen(this.#line, "pointermove", (event) => this.#drag(event), signal);
    pageTimers.every(PLAY_MS, () => this.#playOn(), signal);
    const jumps = h(
      "div",
      { class: "jumps" },
      crash("previous crash", "◂▲", -1),
      this.#play,
      crash("next crash", "▲▸", 1),
    );
    const side = h("div", { class: "side" }, this.#live, this.#number, this.#kept);
    const main = h("div", { class: "run" }, this.#line, this.#marks, this.#hint, this.#chain);
    this.element = h("section", { class: "timeline", "aria-label": "Timeline" }, side, jumps, main);
  }

  update({ state: { timeline, picture }, now }: Frame): void {
    const news = timeline !== this.#timeline;
    this.#timeline = timeline;
    if (timeline === null) return;
    if (news) this.#answered();
    const { moment } = timeline;
    const past = moment !== null;
    setAttributes(this.#live, {
      "data-live": String(!past),
      "aria-pressed": String(!past),
      title: past ? "back to what happens now" : "this is what happens now",
    });
    setText(this.#live, timeline.live ? "● LIVE" : past ? "to the end" : "● SAVED");
    const shown = moment?.n ?? timeline.last;
    setText(this.#number, `event ${count(shown)}`);
    const at = ((moment?.at ?? now) / 1000).toFixed(2);
    setText(this.#kept, past ? `at ${at} s` : `${count(picture.stats.dropped)} forgotten`);
    setText(this.#play, this.#playing ? "❚❚" : "▶");
    if (news) this.#draw(timeline);
  }

  #draw(timeline: Timeline): void {
    const step = WIDTH / Math.max(1, timeline.bars.length);
    const bar = (height: number, i: number) =>
      height === 0
        ? ""
        : `M${(i * step + step * 0.15).toFixed(1)},${HEIGHT}v${(-height * (HEIGHT - 3)).toFixed(1)}h${(step * 0.7).toFixed(1)}V${HEIGHT}z`;
    setAttributes(this.#bars, { d: heights(timeline.bars).map(bar).join("") });
    this.#join(timeline.marks);
    const { moment } = timeline;
    const x = moment === null ? WIDTH : place(timeline, moment.at);
    setAttributes(this.#thumb, {
      transform: `translate(${x.toFixed(1)},0)`,
      "data-live": String(moment === null),
    });
    setAttributes(this.#line, {
      "aria-valuemin": String(timeline.first),
      "aria-valuemax": String(timeline.last),
      "aria-valuenow": String(moment?.n ?? timeline.last),
      "aria-valuetext": moment === null ? "now" : `event ${moment.n}`,
    });
    this.#links(moment?.chain ?? []);
    setHidden(this.#chain, moment === null);
    setHidden(this.#hint, moment !== null);
  }

  #linkOf({ n, kind, name, text }: Link): HTMLElement {
    const go = button("", { class: "link", title: `event ${n}` });
    go.append(h("b", {}, kind.replace("_", " ")), ` ${name} `, h("span", {}, text));
    go.onclick = () => this.#scrub("event", n);
    return h("li", { "data-kind": kind, "data-n": String(n) }, go);
  }

  #scrub(to: "by" | "crash" | "event" | "time", value: number): void {
    this.#playing = false;
    this.#wanted = null;
    this.#waits = true;
    this.#actions.scrub(to, value);
  }

  #toLive(): void {
    this.#playing = false;
    this.#wanted = null; // what a drag still wanted is over: it would lead back into the past
    this.#actions.scrub("live");
  }

  #press(event: KeyboardEvent): void {
    if (event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === " ") this.#togglePlay();
    else {
      const asked = wish(event.key, event.shiftKey);
      if (asked === null) return;
      if (asked[0] === "live") this.#toLive();
      else this.#scrub(asked[0], asked[1]);
    }
    event.preventDefault();
  }

  #grab(event: PointerEvent): void {
    this.#line.setPointerCapture(event.pointerId);
    this.#seek(event);
  }

  #drag(event: PointerEvent): void {
    if (event.buttons !== 0 && this.#line.hasPointerCapture(event.pointerId)) this.#seek(event);
  }

  #seek(event: PointerEvent): void {
    if (this.#timeline === null) return;
    const box = this.#line.getBoundingClientRect();
    const at = timeAt(this.#timeline, (event.clientX - box.left) / Math.max(1, box.width));
    if (this.#waits) this.#wanted = at;
    else this.#scrub("time", at);
  }

  #answered(): void {
    this.#waits = false;
    if (this.#wanted === null) return;
    this.#scrub("time", this.#wanted);
  }

  #togglePlay(): void {
    this.#playing = !this.#playing;
    if (this.#playing && this.#timeline?.moment === null) this.#actions.scrub("event", 0);
  }

  #playOn(): void {
    const timeline = this.#timeline;
    if (!this.#playing || timeline === null || timeline.moment === null) return;
    if (timeline.moment.n >= timeline.last) this.#toLive();
    else this.#actions.scrub("by", 1);
  }
}

const SIGNS = { crash: "▲", restart: "●", fault: "◆" } as const;

function sign({ n, kind }: Mark): HTMLElement {
  return h("i", { class: `mark ${kind}`, "data-mark": kind, "data-n": String(n) }, SIGNS[kind]);
}

export const timelinePanel: PartSpec = {
  id: "timeline",
  title: "Timeline",
  mount: (context) => new TimelinePanel(context),
};
