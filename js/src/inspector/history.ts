// Every generation of the slot that is known: its reason, its age and, on demand, its traceback.

import { h, setHidden } from "../lib/dom.ts";
import { count } from "../lib/format.ts";
import type { Part, PartSpec } from "../parts.ts";
import type { InspectorFrame } from "./frame.ts";
import { Why } from "./why.ts";

class HistoryTab implements Part<InspectorFrame> {
  readonly #why = new Why("Ended generations", "history");
  readonly #none = h("p", { class: "empty" }, "Nobody has ended in this place so far.");
  readonly element = h("div", { class: "body" }, this.#none, this.#why.element);

  update({ row, details, now }: InspectorFrame): void {
    setHidden(this.#none, row.exits.length > 0);
    this.#why.update(row, details?.exits ?? null, now);
  }
}

export const historyTab: PartSpec<InspectorFrame> = {
  id: "history",
  title: "History",
  badge: ({ row }) => (row.restarts > 0 ? count(row.restarts) : ""),
  mount: () => new HistoryTab(),
};
