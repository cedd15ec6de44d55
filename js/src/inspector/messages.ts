// The messages of the selected process as they go: what it gets and sends, with whom, how long each waited, and because of
// what. A line unfolds to its payload; pointing at it marks what led to it.

import { h, listen, setAttributes, setClass, setHidden, setText } from "../lib/dom.ts";
import { join } from "../lib/join.ts";
import { button } from "../panels/button.ts";
import { TraceBar } from "../panels/trace.ts";
import type { Part, PartContext, PartSpec } from "../parts.ts";
import type { Talk } from "../protocol.ts";
import { rowFor } from "../store/lookup.ts";
import { chainOf } from "../store/watch.ts";
import type { InspectorFrame } from "./frame.ts";

const WAYS: Readonly<Record<Talk["way"], string>> = { in: "←", out: "→", self: "↺" };

/** How long a message was on its way: `12 µs`, `3.1 ms`, `1.2 s`; what nobody has taken yet waits. */
export function tookText({ state, took }: Pick<Talk, "state" | "took">): string {
  if (state !== "taken") return state;
  if (took < 1) return `${Math.round(took * 1000)} µs`;
  return took < 1000 ? `${took.toFixed(1)} ms` : `${(took / 1000).toFixed(2)} s`;
}

class Line {
  readonly #way = h("span", { class: "way", "aria-hidden": "true" });
  readonly #who = button("", { class: "pid" });
  readonly #what = h("span", { class: "sort" });
  readonly #text = h("code");
  readonly #took = h("span", { class: "took" });
  readonly #payload = h("pre", { tabindex: "0" });
  readonly element: HTMLElement;

  constructor() {
    const summary = h("summary", {}, this.#way, this.#who, this.#what, this.#text, this.#took);
    this.element = h("li", {}, h("details", {}, summary, this.#payload));
  }

  update(talk: Talk): void {
    setText(this.#way, WAYS[talk.way]);
    setText(this.#who, talk.other);
    setAttributes(this.#who, { title: talk.pid, "data-goto": talk.pid });
    setText(this.#what, talk.what);
    setText(this.#text, talk.text);
    setText(this.#took, tookText(talk));
    setText(this.#payload, `#${talk.number}${because(talk)}\n${talk.payload || talk.text}`);
    setAttributes(this.element, {
      "data-number": String(talk.number),
      "data-state": talk.state,
      "data-way": talk.way,
    });
  }
}

function because({ cause }: Talk): string {
  return cause > 0 ? `, because of #${cause}` : "";
}

class MessagesTab implements Part<InspectorFrame> {
  readonly #lines = new Map<string, Line>();
  readonly #bar: TraceBar;
  readonly #list = h("ol", {
    class: "talks",
    "data-role": "messages",
    "aria-label": "Messages of this process",
  });
  readonly #none = h("p", { class: "empty" });
  readonly element: HTMLElement;
  #frame: InspectorFrame | null = null;
  #drawn: readonly Talk[] | null = null;

  readonly #join = join<Talk, HTMLElement>(this.#list, {
    key: ({ number }) => String(number),
    create: ({ number }) => {
      const line = new Line();
      this.#lines.set(String(number), line);
      return line.element;
    },
    update: (_, talk) => this.#lines.get(String(talk.number))?.update(talk),
    remove: (key) => this.#lines.delete(key),
  });

  constructor({ actions, signal }: PartContext) {
    this.#bar = new TraceBar(
      {
        role: "messages",
        targets: false,
        limit: 500,
        rate: 500,
        start: ({ limit, rate }) => actions.watch({ type: "again", limit, rate }),
        stop: null,
      },
      signal,
    );
    this.element = h("div", { class: "body" }, this.#bar.element, this.#none, this.#list);
    const visit = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest("button.pid") : null;
      if (link === null || this.#frame === null) return;
      event.preventDefault();
      const pid = link.getAttribute("data-goto") ?? "";
      const row = rowFor(this.#frame.state.picture, pid, link.textContent ?? "");
      if (row !== undefined) actions.select(row.key);
    };
    listen(this.#list, "click", visit, signal);
    listen(this.#list, "pointerover", (event) => this.#mark(event.target), signal);
    listen(this.#list, "focusin", (event) => this.#mark(event.target), signal);
    listen(this.#list, "pointerleave", () => this.#mark(null), signal);
  }

  update(frame: InspectorFrame): void {
    this.#frame = frame;
    const { messages } = frame.state.watch;
    const talks = messages?.talks ?? [];
    this.#bar.update(messages?.said ?? "", messages?.running ?? false, "");
    setText(this.#none, messages === null ? "Waiting for the kernel …" : "No message so far.");
    setHidden(this.#none, talks.length > 0);
    if (talks === this.#drawn) return;
    const body = this.element;
    const atEnd = body.scrollHeight - body.scrollTop - body.clientHeight < 40;
    this.#join(talks);
    this.#drawn = talks;
    if (atEnd) body.scrollTop = body.scrollHeight;
  }

  /** Marks what led to the message under the pointer. */
  #mark(target: EventTarget | null): void {
    const line = target instanceof Element ? target.closest("li") : null;
    const number = Number(line?.getAttribute("data-number") ?? 0);
    const chain = chainOf(this.#drawn ?? [], number);
    for (const [key, other] of this.#lines) {
      setClass(other.element, "led", chain.size > 1 && chain.has(Number(key)));
    }
  }
}

export const messagesTab: PartSpec<InspectorFrame> = {
  id: "messages",
  title: "Messages",
  mount: (context) => new MessagesTab(context),
};
