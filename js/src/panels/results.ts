// What became of the commands: the kernel's answers, and those that it still owes.

import { h, setAttributes, setText } from "../lib/dom.ts";
import { join } from "../lib/join.ts";
import type { Ui } from "../store/ui.ts";

/** A command out for longer than this is owed to a blocked loop: say so. */
const PATIENCE_MS = 1000;

const SHOWN_MS = { ok: 6000, error: 20_000 };

export interface ResultLine {
  readonly id: string;
  readonly tone: "ok" | "error" | "waiting";
  readonly text: string;
}

/** The lines to show at a moment of the page's clock. */
export function resultLines({ pending, outcomes }: Ui, at: number): readonly ResultLine[] {
  const shown = outcomes.filter(
    (outcome) => at - outcome.at < (outcome.ok ? SHOWN_MS.ok : SHOWN_MS.error),
  );
  const waiting = pending.filter((command) => at - command.sentAt > PATIENCE_MS);
  return [
    ...shown.map(({ id, ok, text }) => ({
      id,
      tone: ok ? ("ok" as const) : ("error" as const),
      text,
    })),
    ...waiting.map(({ id, name, label }) => ({
      id,
      tone: "waiting" as const,
      text: `${name} ${label}: waiting for the kernel's loop …`,
    })),
  ];
}

export class Results {
  readonly element = h("div", { class: "results" });
  readonly #join = join<ResultLine, HTMLElement>(this.element, {
    // An answer is a new element: only then does a screen reader read it out.
    key: (line) => `${line.id} ${line.tone}`,
    create: ({ tone }) =>
      h("p", {
        class: tone,
        role: tone === "error" ? "alert" : "status",
        "data-role": "result",
        "data-ok": tone === "waiting" ? null : String(tone === "ok"),
      }),
    update: (element, { text }) => {
      setText(element, text);
      setAttributes(element, { title: text });
    },
  });

  update(ui: Ui, at: number): void {
    this.#join(resultLines(ui, at));
  }
}
