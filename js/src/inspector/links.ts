// What the selected process is bound to: names, links, monitors (each leads to its row); and its plain facts.

import type { Actions } from "../actions.ts";
import { h, listen, setAttributes, setHidden, setText } from "../lib/dom.ts";
import { ago, count } from "../lib/format.ts";
import { join } from "../lib/join.ts";
import type { Part, PartContext, PartSpec } from "../parts.ts";
import { rowFor } from "../store/lookup.ts";
import type { Picture } from "../store/picture.ts";
import type { InspectorFrame } from "./frame.ts";

class Fact {
  readonly #value: HTMLElement;
  readonly term: HTMLElement;
  readonly value: HTMLElement;

  constructor(title: string) {
    this.#value = h("dd", {});
    this.value = this.#value;
    this.term = h("dt", {}, title);
  }

  show(visible: boolean): void {
    setHidden(this.term, !visible);
    setHidden(this.#value, !visible);
  }

  write(text: string): void {
    setText(this.#value, text);
    this.show(text !== "");
  }
}

/** A fact whose value is a list of pids. */
class Pids extends Fact {
  #picture: Picture | null = null;
  readonly #join = join<string, HTMLButtonElement>(this.value, {
    key: (pid) => pid,
    create: (pid) => h("button", { type: "button", class: "pid", "data-goto": pid }),
    update: (button, pid) => this.#label(button, pid),
  });

  list(pids: readonly string[], picture: Picture): void {
    this.#picture = picture;
    this.#join([...new Set(pids)]);
    this.show(pids.length > 0);
  }

  /** What is not drawn (a folded branch, another node, the notebook itself) can be named, not visited. */
  #label(button: HTMLButtonElement, pid: string): void {
    const row = this.#picture === null ? undefined : rowFor(this.#picture, pid, pid);
    setText(button, row === undefined || row.name === pid ? pid : row.name);
    setAttributes(button, { title: pid, "data-key": row?.key ?? null });
    button.disabled = row === undefined;
  }
}

class LinksTab implements Part<InspectorFrame> {
  readonly #names = new Fact("names");
  readonly #links = new Pids("links");
  readonly #monitors = new Pids("monitors");
  readonly #monitoredBy = new Pids("monitored by");
  readonly #messages = new Fact("messages");
  readonly #started = new Fact("started");
  readonly #initial = new Fact("initial call");
  readonly #facts: HTMLElement;
  readonly element: HTMLElement;

  constructor({ actions, signal }: PartContext) {
    const pids = [this.#links, this.#monitors, this.#monitoredBy];
    const facts = [this.#names, ...pids, this.#messages, this.#started, this.#initial];
    this.#facts = h("dl", { class: "facts" }, ...facts.flatMap(({ term, value }) => [term, value]));
    this.element = h("div", { class: "body" }, this.#facts);
    listen(this.element, "click", (event) => visit(event, actions), signal);
  }

  update({ state: { picture }, details, now }: InspectorFrame): void {
    setHidden(this.#facts, details === null);
    if (details === null) return;
    this.#names.write(details.names.join(", "));
    this.#links.list(details.links, picture);
    this.#monitors.list(details.monitors, picture);
    this.#monitoredBy.list(details.monitored_by, picture);
    this.#messages.write(`${count(details.messages)} handled`);
    this.#started.write(ago(now - details.started));
    this.#initial.write(details.initial);
  }
}

function visit(event: MouseEvent, actions: Actions): void {
  const button = event.target instanceof Element ? event.target.closest("button") : null;
  const key = button?.dataset.key;
  if (key !== undefined) actions.select(key);
}

export const linksTab: PartSpec<InspectorFrame> = {
  id: "links",
  title: "Links",
  badge: ({ details }) => (details?.links.length ? count(details.links.length) : ""),
  mount: (context) => new LinksTab(context),
};
