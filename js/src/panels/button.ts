// A button that submits nothing unless told so.

import { h } from "../lib/dom.ts";

export function button(
  text: string,
  attributes: Readonly<Record<string, string | null>> = {},
): HTMLButtonElement {
  return h("button", { type: "button", ...attributes }, text);
}
