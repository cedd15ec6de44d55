// The menu of a link between two nodes: cut it, one way or both, hold back what is sent, heal it.

import type { Actions } from "../actions.ts";
import { type Arc, linkLabel, linkState } from "../layout/network.ts";
import { h, listen, setAttributes, setHidden, setText } from "../lib/dom.ts";
import { button } from "../panels/button.ts";

type Deed = "cut" | "cut there" | "cut back" | "hold" | "heal";

const DEEDS: readonly Deed[] = ["cut", "cut there", "cut back", "hold", "heal"];

export class LinkMenu {
  readonly #actions: Actions;
  readonly #title = h("p", { class: "title" });
  readonly #items = new Map<Deed, HTMLButtonElement>();
  readonly element: HTMLElement;
  #arc: Arc | null = null;
  #opener: SVGElement | HTMLElement | null = null;

  constructor(actions: Actions, signal: AbortSignal) {
    this.#actions = actions;
    for (const deed of DEEDS) {
      const item = button("", { role: "menuitem", tabindex: "-1", "data-do": deed });
      listen(item, "click", () => this.#choose(deed), signal);
      this.#items.set(deed, item);
    }
    this.element = h(
      "div",
      { class: "linkmenu", role: "menu", "data-role": "link-menu" },
      this.#title,
      ...this.#items.values(),
    );
    this.element.hidden = true;
    listen(this.element, "keydown", (event) => this.#press(event), signal);
    listen(this.element, "focusout", (event) => this.#left(event), signal);
  }

  open(arc: Arc, opener: SVGElement | HTMLElement | null): void {
    this.#arc = arc;
    this.#opener = opener;
    this.#draw(arc);
    this.element.style.transform = `translate(${Math.max(4, arc.x + 12)}px, ${arc.y - 20}px)`;
    setHidden(this.element, false);
    this.#shown()[0]?.focus();
  }

  /** The link may change while its menu is open. */
  update(arcs: readonly Arc[]): void {
    if (this.element.hidden) return;
    const arc = arcs.find(({ id }) => id === this.#arc?.id);
    if (arc === undefined) this.#close();
    else this.#draw(arc);
  }

  #draw(arc: Arc): void {
    const { a, b } = arc;
    const state = linkState(arc);
    const texts: Readonly<Record<Deed, string>> = {
      cut: "Cut both ways",
      "cut there": `Cut ${a} → ${b}`,
      "cut back": `Cut ${b} → ${a}`,
      hold: "Hold back",
      heal: "Heal",
    };
    setText(this.#title, linkLabel(arc));
    setAttributes(this.element, { "aria-label": linkLabel(arc) });
    for (const [deed, item] of this.#items) {
      setText(item, texts[deed]);
      setHidden(item, !fits(deed, state, arc));
    }
  }

  #shown(): readonly HTMLButtonElement[] {
    return [...this.#items.values()].filter((item) => !item.hidden);
  }

  #choose(deed: Deed): void {
    const arc = this.#arc;
    this.#close();
    if (arc === null) return;
    const { a, b } = arc;
    this.#actions.command("link", "", `${a} – ${b}`, { a, b, do: deed });
  }

  #close(): void {
    const inside = this.element.matches(":focus-within");
    setHidden(this.element, true);
    if (inside) this.#opener?.focus();
  }

  #press(event: KeyboardEvent): void {
    const items = this.#shown();
    const at = items.indexOf(event.target as HTMLButtonElement);
    if (event.key === "Escape" || event.key === "Tab") this.#close();
    else if (event.key === "ArrowDown") items[(at + 1) % items.length]?.focus();
    else if (event.key === "ArrowUp") items.at(at - 1)?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #left({ relatedTarget }: FocusEvent): void {
    if (!(relatedTarget instanceof Node) || !this.element.contains(relatedTarget)) {
      setHidden(this.element, true);
    }
  }
}

/** Only what would change something is offered. */
function fits(deed: Deed, state: ReturnType<typeof linkState>, { there, back }: Arc): boolean {
  if (deed === "heal") return state !== "open";
  if (deed === "hold") return state === "open" || state === "closed";
  if (deed === "cut there") return there?.status !== "cut";
  if (deed === "cut back") return back?.status !== "cut";
  return state !== "cut";
}
