// What belongs to the picture only: selection, search, commands under way, and whether the kernel answers.
// The kernel is told of some of it (sync.ts does that), yet it never sends it back.

import type { Blocking, CommandName, Found, Result } from "../protocol.ts";
import { NO_PANES, type PaneAction, type Panes, reducePanes } from "./panes.ts";

/**
 * `connecting`: no answer yet · `live` · `blocked`: the loop is held up since `since` · `stopped`: the runtime is gone
 * · `foreign`: the kernel speaks a version of the wire that we cannot read.
 */
export type LinkState = "connecting" | "live" | "blocked" | "stopped" | "foreign";

export interface Link {
  readonly state: LinkState;
  /** On the page's clock, ms: when the state began. */
  readonly since: number;
  /** Has anything ever come from a kernel? A saved notebook shows its picture without one. */
  readonly heard: boolean;
  /** Who holds the loop up, when the kernel could tell. */
  readonly by: Blocking | null;
}

export interface Command {
  readonly id: string;
  readonly name: CommandName;
  readonly pid: string;
  /** What it was sent to, as the reader knows it. */
  readonly label: string;
  readonly sentAt: number;
}

export interface Outcome {
  readonly id: string;
  readonly ok: boolean;
  readonly text: string;
  readonly at: number;
}

export interface Search {
  readonly text: string;
  /** The kernel's answer to this very text, or null while it is out. */
  readonly total: number | null;
  readonly keys: readonly string[];
}

export interface Ui {
  readonly selected: string;
  readonly panes: Panes;
  readonly search: Search;
  readonly pending: readonly Command[];
  readonly outcomes: readonly Outcome[];
  readonly link: Link;
}

export type UiAction =
  | PaneAction
  | { readonly type: "select"; readonly key: string }
  | { readonly type: "search"; readonly text: string }
  | { readonly type: "found"; readonly found: Found }
  | { readonly type: "sent"; readonly command: Command }
  | { readonly type: "result"; readonly result: Result; readonly at: number }
  | { readonly type: "dismiss"; readonly id: string }
  | { readonly type: "link"; readonly state: LinkState; readonly at: number }
  | { readonly type: "blocking"; readonly blocking: Blocking; readonly at: number };

const OUTCOMES_KEPT = 3;

export const NO_SEARCH: Search = { text: "", total: null, keys: [] };

export const NO_UI: Ui = {
  selected: "",
  panes: NO_PANES,
  search: NO_SEARCH,
  pending: [],
  outcomes: [],
  link: { state: "connecting", since: 0, heard: false, by: null },
};

export function reduceUi(ui: Ui, action: UiAction): Ui {
  switch (action.type) {
    case "show":
      return withPanes(ui, action);
    case "select":
      return ui.selected === action.key ? ui : { ...ui, selected: action.key };
    case "search":
      return { ...ui, search: { ...NO_SEARCH, text: action.text } };
    case "found":
      return withFound(ui, action.found);
    case "sent":
      return { ...ui, pending: [...ui.pending, action.command] };
    case "result":
      return withResult(ui, action.result, action.at);
    case "dismiss":
      return { ...ui, outcomes: ui.outcomes.filter((outcome) => outcome.id !== action.id) };
    case "link":
      return withLink(ui, action.state, action.at);
    case "blocking":
      return withBlocking(ui, action.blocking, action.at);
  }
}

function withPanes(ui: Ui, action: PaneAction): Ui {
  const panes = reducePanes(ui.panes, action);
  return panes === ui.panes ? ui : { ...ui, panes };
}

/** An answer to a text that has been edited since is of no use. */
function withFound(ui: Ui, found: Found): Ui {
  if (found.text !== ui.search.text) return ui;
  return { ...ui, search: { text: found.text, total: found.total, keys: found.keys } };
}

function withResult(ui: Ui, result: Result, at: number): Ui {
  const id = result.id ?? "";
  const outcome = { id, ok: result.ok, text: result.text, at };
  const others = ui.outcomes.filter((known) => known.id !== id);
  return {
    ...ui,
    pending: ui.pending.filter((command) => command.id !== id),
    outcomes: [...others, outcome].slice(-OUTCOMES_KEPT),
  };
}

/** A runtime that has stopped does not become "blocked" because it no longer answers: only `live` ends that. */
function withLink(ui: Ui, state: LinkState, at: number): Ui {
  const { link } = ui;
  if (link.state === "stopped" && state !== "live") return ui;
  const heard = link.heard || state === "live";
  if (link.state === state && link.heard === heard) return ui;
  return { ...ui, link: { state, since: at, heard, by: null } };
}

/** The kernel's own word on who blocks the loop, and since when: it goes before what the silence makes us think. */
function withBlocking(ui: Ui, by: Blocking, at: number): Ui {
  return { ...ui, link: { state: "blocked", since: at - by.seconds * 1000, heard: true, by } };
}
