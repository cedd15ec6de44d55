// The tree as a view of the centre: the canvas, and the buttons that zoom it.

import { h, listen, setHidden } from "../lib/dom.ts";
import { button } from "../panels/button.ts";
import type { Frame, Part, PartContext, PartSpec } from "../parts.ts";
import { Tree } from "../render/tree.ts";

class TreeView implements Part {
  readonly #tree: Tree;
  readonly #empty = h("p", { class: "empty" }, "Waiting for the kernel …");
  readonly element: HTMLElement;
  #revealed = "";
  #width = 0;

  constructor({ actions, signal }: PartContext) {
    this.#tree = new Tree(actions, signal);
    const { camera } = this.#tree;
    const zoom = h(
      "div",
      { class: "zoom", role: "group", "aria-label": "Zoom" },
      press("−", "zoom-out", "Zoom out", () => camera.zoomBy(1 / 1.2), signal),
      press("Fit", "fit", "Show the whole tree", () => camera.fit(), signal),
      press("+", "zoom-in", "Zoom in", () => camera.zoomBy(1.2), signal),
    );
    const corner = h("div", { class: "corner" }, this.#tree.minimap.element, zoom);
    this.element = h("div", { class: "canvas" }, this.#tree.element, this.#empty, corner);
  }

  update({ state, now }: Frame): void {
    this.#tree.update(state, now);
    setHidden(this.#empty, state.picture.known);
    this.#revealSelected(state.ui.selected);
  }

  /** A new selection is brought into view once, and again in another window; after that the reader may scroll away. */
  #revealSelected(key: string): void {
    const { clientWidth } = this.#tree.element;
    if (key === this.#revealed && clientWidth === this.#width) return;
    this.#revealed = key;
    this.#width = clientWidth;
    this.#tree.reveal(key);
  }
}

function press(
  text: string,
  action: string,
  title: string,
  act: () => void,
  signal: AbortSignal,
): HTMLElement {
  const element = button(text, { "data-action": action, title, "aria-label": title });
  listen(element, "click", act, signal);
  return element;
}

export const treeView: PartSpec = {
  id: "tree",
  title: "Tree",
  mount: (context) => new TreeView(context),
};
