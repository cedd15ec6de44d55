// Links and monitors of the selected process: dashed curves above the cards, a word on each.

import type { Scene } from "../layout/scene.ts";
import { type TieLine, tieLines } from "../layout/ties.ts";
import { setAttributes, setText, svg } from "../lib/dom.ts";
import { join } from "../lib/join.ts";
import type { Details } from "../protocol.ts";
import type { State } from "../store/store.ts";

const WORDS = { link: "link", monitor: "monitors", monitored: "monitored by" } as const;

export class TieLines {
  readonly #group = svg("g");
  readonly element = svg("svg", { class: "ties", "aria-hidden": "true" }, this.#group);
  #scene: Scene | null = null;
  #details: Details | null = null;

  readonly #join = join<TieLine, SVGGElement>(this.#group, {
    key: ({ id }) => id,
    create: ({ kind }) => svg("g", { "data-tie": kind }, svg("path"), svg("text")),
    update: (element, { path, x, y, kind }) => {
      const [line, word] = [element.firstElementChild, element.lastElementChild];
      if (line === null || word === null) return;
      setAttributes(line, { d: path });
      setAttributes(word, { x: String(x), y: String(y + 3) });
      setText(word, WORDS[kind]);
    },
  });

  update(scene: Scene, { picture }: State): void {
    if (scene === this.#scene && picture.details === this.#details) return;
    this.#scene = scene;
    this.#details = picture.details;
    this.#join(tieLines(scene, picture.rows, picture.details));
    setAttributes(this.element, { width: String(scene.width), height: String(scene.height) });
  }
}
