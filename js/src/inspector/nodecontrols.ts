// What can be done to the selected node of a cluster: crash it, and start it again, empty.

import type { Actions } from "../actions.ts";
import { h, listen, setHidden } from "../lib/dom.ts";
import { button } from "../panels/button.ts";
import type { Row } from "../protocol.ts";

export class NodeControls {
  readonly #crash = button("Crash", {
    class: "danger",
    "data-action": "crash-node",
    title: "gone from one moment to the next; the others notice",
  });
  readonly #start = button("Start again", { "data-action": "start-node", title: "empty" });
  readonly element = h("div", { class: "buttons" }, this.#crash, this.#start);
  #name = "";

  constructor(actions: Actions, signal: AbortSignal) {
    const tell = (name: "crash_node" | "start_node") => () =>
      actions.command(name, "", this.#name, { node: this.#name });
    listen(this.#crash, "click", tell("crash_node"), signal);
    listen(this.#start, "click", tell("start_node"), signal);
  }

  update(row: Row, enabled: boolean): void {
    this.#name = row.name;
    setHidden(this.element, row.kind !== "node");
    setHidden(this.#crash, row.status === "down");
    setHidden(this.#start, row.status !== "down");
    for (const control of [this.#crash, this.#start]) control.disabled = !enabled;
  }
}
