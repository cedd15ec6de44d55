// What the selected process is bound to: names and groups, links, who watches whom (each leads to its row); plain facts.

import type { Actions } from "../actions.ts";
import { h, listen, setAttributes, setHidden, setText } from "../lib/dom.ts";
import { ago, count } from "../lib/format.ts";
import { join } from "../lib/join.ts";
import type { Part, PartContext, PartSpec } from "../parts.ts";
import type { Tie } from "../protocol.ts";
import { rowFor } from "../store/lookup.ts";
import type { Picture } from "../store/picture.ts";
import type { InspectorFrame } from "./frame.ts";

class Fact {
  readonly value = h("dd", {});
  readonly term: HTMLElement;

  constructor(title: string) {
    this.term = h("dt", {}, title);
  }

  show(visible: boolean): void {
    setHidden(this.term, !visible);
    setHidden(this.value, !visible);
  }

  write(text: string): void {
    setText(this.value, text);
    this.show(text !== "");
  }
}

/** A fact whose value is a list of processes. */
class Others extends Fact {
  #picture: Picture | null = null;
  readonly #join = join<Tie, HTMLButtonElement>(this.value, {
    key: ({ pid }) => pid,
    create: ({ pid }) => h("button", { type: "button", class: "pid", "data-goto": pid }),
    update: (button, tie) => this.#label(button, tie),
  });

  list(ties: readonly Tie[], picture: Picture): void {
    this.#picture = picture;
    this.#join(ties);
    this.show(ties.length > 0);
  }

  /** What is not drawn (a folded branch, another node, the notebook itself) can be named, not visited. */
  #label(button: HTMLButtonElement, { pid, name }: Tie): void {
    const row = this.#picture === null ? undefined : rowFor(this.#picture, pid, name);
    setText(button, name || row?.name || pid);
    setAttributes(button, { title: pid, "data-key": row?.key ?? null });
    button.disabled = row === undefined;
  }
}

class LinksTab implements Part<InspectorFrame> {
  readonly #names = new Fact("names");
  readonly #groups = new Fact("groups");
  readonly #links = new Others("links");
  readonly #monitors = new Others("monitors");
  readonly #monitoredBy = new Others("monitored by");
  readonly #messages = new Fact("messages");
  readonly #started = new Fact("started");
  readonly #methods = new Fact("methods");
  readonly #facts: HTMLElement;
  readonly element: HTMLElement;

  constructor({ actions, signal }: PartContext) {
    const others = [this.#links, this.#monitors, this.#monitoredBy];
    const plain = [this.#messages, this.#started, this.#methods];
    const facts: readonly Fact[] = [this.#names, this.#groups, ...others, ...plain];
    const pairs = facts.flatMap(({ term, value }) => [term, value]);
    this.#facts = h("dl", { class: "facts" }, ...pairs);
    this.element = h("div", { class: "body" }, this.#facts);
    listen(this.element, "click", (event) => visit(event, actions), signal);
  }

  update({ state: { picture }, details, now }: InspectorFrame): void {
    const ties = details?.ties ?? null;
    setHidden(this.#facts, ties === null);
    if (details === null || ties === null) return;
    this.#names.write(ties.names.join(", "));
    this.#groups.write(ties.groups.join(", "));
    this.#links.list(ties.links, picture);
    this.#monitors.list(ties.monitors, picture);
    this.#monitoredBy.list(ties.monitored_by, picture);
    this.#messages.write(`${count(details.messages)} handled`);
    this.#started.write(ago(now - details.started));
    this.#methods.write(details.methods.join(", "));
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
  badge: ({ details }) => (details?.ties?.links.length ? count(details.ties.links.length) : ""),
  mount: (context) => new LinksTab(context),
};
