// The mailbox of the selected process: what waits, oldest first, from whom and for how long. A message can be unfolded,
// dropped, doubled and moved, by its buttons, by keys, or by dragging it.

import type { Actions } from "../actions.ts";
import { h, listen, setHidden, setText } from "../lib/dom.ts";
import { count } from "../lib/format.ts";
import { join } from "../lib/join.ts";
import type { Part, PartContext, PartSpec } from "../parts.ts";
import type { CommandName, Waiting } from "../protocol.ts";
import type { InspectorFrame } from "./frame.ts";
import { Letter } from "./letter.ts";

/** What a key does to the message that has the focus. */
export function deedFor(
  key: string,
  alt: boolean,
  { index, mark }: Pick<Waiting, "index" | "mark">,
): { readonly name: CommandName; readonly args: Readonly<Record<string, string>> } | null {
  const args = { at: String(index), mark };
  if (key === "Delete" || key === "Backspace") return { name: "drop", args };
  if (key === "d" && !alt) return { name: "duplicate", args };
  if (key === "ArrowUp" && alt) return { name: "move", args: { ...args, to: String(index - 1) } };
  if (key === "ArrowDown" && alt) return { name: "move", args: { ...args, to: String(index + 1) } };
  return null;
}

interface Named {
  readonly id: string;
  readonly waiting: Waiting;
}

class MailboxTab implements Part<InspectorFrame> {
  readonly #actions: Actions;
  readonly #signal: AbortSignal;
  readonly #letters = new Map<string, Letter>();
  readonly #bounds = h("p", { class: "bounds" });
  readonly #none = h("p", { class: "empty" }, "No message waits.");
  readonly #rest = h("p", { class: "empty" });
  readonly #list = h("div", {
    class: "queue",
    role: "grid",
    "aria-label": "Messages",
    "data-role": "queue",
  });
  readonly element = h("div", { class: "body" }, this.#bounds, this.#none, this.#list, this.#rest);
  #frame: InspectorFrame | null = null;
  #dragged: Waiting | null = null;

  readonly #join = join<Named, HTMLElement>(this.#list, {
    key: ({ id }) => id,
    create: ({ id }) => {
      const letter = new Letter(id, this.#signal);
      this.#letters.set(id, letter);
      return letter.element;
    },
    update: (_, { id, waiting }) => this.#letters.get(id)?.update(waiting, this.#frame),
    remove: (id) => this.#letters.delete(id),
  });

  constructor({ actions, signal }: PartContext) {
    this.#actions = actions;
    this.#signal = signal;
    listen(this.#list, "click", (event) => this.#click(event), signal);
    listen(this.#list, "keydown", (event) => this.#press(event), signal);
    listen(this.#list, "dragstart", (event) => this.#grab(event), signal);
    listen(this.#list, "dragover", (event) => event.preventDefault(), signal);
    listen(this.#list, "drop", (event) => this.#drop(event), signal);
  }

  update(frame: InspectorFrame): void {
    this.#frame = frame;
    const queue = frame.details?.queue ?? null;
    const items = queue?.items ?? [];
    setText(this.#bounds, queue?.bounds ?? "");
    setHidden(this.#bounds, !queue?.bounds);
    setHidden(this.#none, queue === null || queue.total > 0);
    const hidden = (queue?.total ?? 0) - items.length;
    setText(this.#rest, `… ${count(hidden)} more`);
    setHidden(this.#rest, hidden <= 0);
    this.#join(named(items));
  }

  #letterAt(event: Event): Waiting | null {
    const row =
      event.target instanceof Element ? event.target.closest<HTMLElement>(".letter") : null;
    const index = row?.dataset.index;
    const items = this.#frame?.details?.queue?.items ?? [];
    return index === undefined ? null : (items[Number(index)] ?? null);
  }

  #click(event: MouseEvent): void {
    const letter = this.#letterAt(event);
    const target =
      event.target instanceof Element ? event.target.closest<HTMLElement>("button") : null;
    if (letter === null || target === null) return;
    const { index, mark } = letter;
    const args = { at: String(index), mark };
    const deed = target.dataset.deed;
    if (deed === "drop" || deed === "duplicate") this.#do(deed, args);
    else if (deed === "up") this.#do("move", { ...args, to: String(index - 1) });
    else if (deed === "down") this.#do("move", { ...args, to: String(index + 1) });
    else if (deed === "fold") this.#letters.get(target.dataset.letter ?? "")?.toggle();
    else if (target.dataset.key !== undefined) this.#actions.select(target.dataset.key);
  }

  #press(event: KeyboardEvent): void {
    const letter = this.#letterAt(event);
    if (letter === null || event.ctrlKey || event.metaKey) return;
    const deed = deedFor(event.key, event.altKey, letter);
    if (deed !== null) this.#do(deed.name, deed.args);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") this.#walk(event);
    else return;
    event.preventDefault();
  }

  /** Arrows go from message to message. */
  #walk(event: KeyboardEvent): void {
    const row = event.target instanceof Element ? event.target.closest(".letter") : null;
    const next = event.key === "ArrowDown" ? row?.nextElementSibling : row?.previousElementSibling;
    next?.querySelector<HTMLElement>("[data-deed=fold]")?.focus();
  }

  #grab(event: DragEvent): void {
    this.#dragged = this.#letterAt(event);
    event.dataTransfer?.setData("text/plain", this.#dragged?.text ?? "");
  }

  #drop(event: DragEvent): void {
    event.preventDefault();
    const [moved, goal] = [this.#dragged, this.#letterAt(event)];
    this.#dragged = null;
    if (moved === null || goal === null || moved === goal) return;
    this.#do("move", { at: String(moved.index), mark: moved.mark, to: String(goal.index) });
  }

  #do(name: CommandName, args: Readonly<Record<string, string>>): void {
    const row = this.#frame?.row;
    if (row !== undefined) this.#actions.command(name, row.pid, row.name, args);
  }
}

/** By its mark, so that a message keeps its element while it moves up; of twins by the place among them. */
export function named(items: readonly Waiting[]): readonly Named[] {
  const seen = new Map<string, number>();
  return items.map((waiting) => {
    const twin = seen.get(waiting.mark) ?? 0;
    seen.set(waiting.mark, twin + 1);
    return { id: `${waiting.mark}.${twin}`, waiting };
  });
}

export const mailboxTab: PartSpec<InspectorFrame> = {
  id: "mailbox",
  title: "Mailbox",
  badge: ({ row }) => (row.mailbox > 0 ? count(row.mailbox) : ""),
  mount: (context) => new MailboxTab(context),
};
