// The source of the selected process's class or function, in the colours of its words.

import { h, setAttributes, setHidden, setText } from "../lib/dom.ts";
import { tokens } from "../lib/python.ts";
import type { Part, PartSpec } from "../parts.ts";
import type { InspectorFrame } from "./frame.ts";

class CodeTab implements Part<InspectorFrame> {
  readonly #where = h("p", { class: "where" });
  readonly #numbers = h("pre", { class: "numbers", "aria-hidden": "true" });
  readonly #text = h("pre", { class: "source", tabindex: "0", "data-role": "code" });
  readonly #listing = h("div", { class: "listing" }, this.#numbers, this.#text);
  readonly #note = h("p", { class: "empty" });
  readonly element = h("div", { class: "body" }, this.#where, this.#listing, this.#note);
  #drawn: string | null = null;

  update({ details }: InspectorFrame): void {
    const code = details?.code ?? null;
    setHidden(this.element, code === null);
    if (code === null) return;
    setText(
      this.#where,
      code.line > 0 ? `${code.name} · ${code.file}, line ${code.line}` : code.name,
    );
    setText(this.#note, code.note);
    setHidden(this.#listing, code.text === "");
    if (code.text === this.#drawn) return;
    this.#drawn = code.text;
    this.#draw(code.text, code.line);
  }

  #draw(text: string, first: number): void {
    const spans = tokens(text).map((token) =>
      token.kind === "plain" ? token.text : h("span", { "data-token": token.kind }, token.text),
    );
    this.#text.replaceChildren(...spans);
    const count = text.split("\n").length;
    setText(this.#numbers, Array.from({ length: count }, (_, n) => String(first + n)).join("\n"));
    setAttributes(this.#text, { "aria-label": `Source, ${count} lines` });
  }
}

export const codeTab: PartSpec<InspectorFrame> = {
  id: "code",
  title: "Code",
  mount: () => new CodeTab(),
};
