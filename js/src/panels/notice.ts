// One line about the link to the kernel, when there is something to say: it is held up, gone, or speaks another version.

import { h, setAttributes, setText } from "../lib/dom.ts";
import type { Link } from "../store/ui.ts";

/** Nothing was ever heard for so long: there is no kernel, the page shows what was saved. */
const SAVED_MS = 10_000;

/** What the notice says at a moment of the page's clock; empty when all is well. */
export function noticeText(link: Link, at: number): string {
  switch (link.state) {
    case "blocked":
      return link.heard || at - link.since < SAVED_MS ? blockedText(link, at) : SAVED;
    case "stopped":
      return "runtime stopped — run %load_ext actorbook";
    case "foreign":
      return "kernel and picture are of different versions — restart the kernel and reload the page";
    default:
      return "";
  }
}

const SAVED = "no kernel answers — this is the picture as it was saved";

function blockedText({ since, by }: Link, at: number): string {
  const seconds = Math.max(1, Math.floor((at - since) / 1000));
  if (by === null) {
    return `a cell or callback is blocking the kernel's loop for ${seconds} s — the picture waits`;
  }
  const wayOut = by.pid === "" ? "the picture waits" : "kill it here, or interrupt the kernel";
  return `${by.name} is blocking the loop for ${seconds} s — ${wayOut} · ${by.where}`;
}

export class Notice {
  readonly element = h("div", { class: "notice", role: "status", "data-role": "notice" });

  update(link: Link, at: number): void {
    const text = noticeText(link, at);
    // A status region must stay on the page, else what is written into it is not read out.
    setText(this.element, text);
    setAttributes(this.element, { "data-state": link.state, title: text || null });
  }
}
