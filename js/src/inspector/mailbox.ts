// The mailbox of the selected process: what waits, oldest first.

import { h, setAttributes, setHidden, setText } from "../lib/dom.ts";
import { count } from "../lib/format.ts";
import { join } from "../lib/join.ts";
import type { Part, PartSpec } from "../parts.ts";
import type { InspectorFrame } from "./frame.ts";

interface Waiting {
  readonly index: number;
  readonly text: string;
}

class MailboxTab implements Part<InspectorFrame> {
  readonly #bounds = h("p", { class: "bounds" });
  readonly #none = h("p", { class: "empty" }, "No message waits.");
  readonly #list = h("ol", { class: "queue", "data-role": "queue" });
  readonly element = h("div", { class: "body" }, this.#bounds, this.#none, this.#list);

  readonly #join = join<Waiting, HTMLElement>(this.#list, {
    key: ({ index }) => String(index),
    create: () => h("li"),
    update: (element, { text }) => {
      setText(element, text);
      setAttributes(element, { title: text });
    },
  });

  update({ details }: InspectorFrame): void {
    const queue = details?.queue ?? [];
    setText(this.#bounds, details?.bounds ?? "");
    setHidden(this.#bounds, !details?.bounds);
    setHidden(this.#none, details === null || queue.length > 0);
    this.#join(queue.map((text, index) => ({ index, text })));
  }
}

export const mailboxTab: PartSpec<InspectorFrame> = {
  id: "mailbox",
  title: "Mailbox",
  badge: ({ row }) => (row.mailbox > 0 ? count(row.mailbox) : ""),
  mount: () => new MailboxTab(),
};
