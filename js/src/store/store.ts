// The one place where the state changes. Pure reducers decide; listeners hear that something is new, never what.

import type { Delta, Snapshot, Timeline } from "../protocol.ts";
import { applyDelta, EMPTY, fromSnapshot, type Picture, tick, withBlocking } from "./picture.ts";
import { NO_UI, reduceUi, type Ui, type UiAction } from "./ui.ts";
import { NO_WATCH, reduceWatch, type Watch, type WatchAction } from "./watch.ts";

export interface State {
  readonly picture: Picture;
  readonly ui: Ui;
  readonly watch: Watch;
  /** The run so far and the moment that is looked at; null until the kernel has told. */
  readonly timeline: Timeline | null;
  /** On the page's clock, ms: when `picture.now` was true. */
  readonly heardAt: number;
}

export type Action =
  | { readonly type: "snapshot"; readonly snapshot: Snapshot; readonly at: number }
  | { readonly type: "restore"; readonly snapshot: Snapshot; readonly at: number }
  | { readonly type: "delta"; readonly delta: Delta; readonly at: number }
  | { readonly type: "tick"; readonly at: number }
  | { readonly type: "timeline"; readonly timeline: Timeline }
  | WatchAction
  | UiAction;

export const INITIAL: State = {
  picture: EMPTY,
  ui: NO_UI,
  watch: NO_WATCH,
  timeline: null,
  heardAt: 0,
};

/** The node's clock at a moment of the page's clock. */
export function nodeClock(state: State, at: number): number {
  return state.picture.now + Math.max(0, at - state.heardAt);
}

export function reduce(state: State, action: Action): State {
  switch (action.type) {
    case "snapshot":
      return heard(state, fromSnapshot(state.picture, action.snapshot), action.at);
    case "restore":
      return restored(state, action.snapshot, action.at);
    case "delta":
      return heard(state, applyDelta(state.picture, action.delta), action.at);
    case "tick":
      return settled(state, tick(state.picture, nodeClock(state, action.at)), state.ui);
    case "timeline":
      return { ...state, timeline: action.timeline };
    case "watched":
      return { ...state, watch: reduceWatch(state.watch, action) };
    case "blocking":
      return settled(
        state,
        withBlocking(state.picture, action.blocking),
        reduceUi(state.ui, action),
      );
    default:
      return settled(state, state.picture, reduceUi(state.ui, action));
  }
}

/** The runtime's own word on whether it lives goes before anything that we infer. */
function heard(state: State, picture: Picture, at: number): State {
  const word = picture.stats.alive ? "live" : "stopped";
  const ui = reduceUi(state.ui, { type: "link", state: word, at });
  return { ...settled(state, picture, ui), heardAt: at };
}

/** A saved picture is no sign of life: the link stays as it is. */
function restored(state: State, snapshot: Snapshot, at: number): State {
  return { ...settled(state, fromSnapshot(state.picture, snapshot), state.ui), heardAt: at };
}

/** Details of another row than the selected one are old news. */
function settled(state: State, picture: Picture, ui: Ui): State {
  if (picture === state.picture && ui === state.ui) return state;
  const stale = picture.details !== null && picture.details.key !== ui.selected;
  return { ...state, ui, picture: stale ? { ...picture, details: null } : picture };
}

export class Store {
  #state = INITIAL;
  readonly #listeners = new Set<() => void>();

  get state(): State {
    return this.#state;
  }

  dispatch(action: Action): void {
    const next = reduce(this.#state, action);
    if (next === this.#state) return;
    this.#state = next;
    for (const listener of this.#listeners) listener();
  }

  /** Calls `listener` after each change until `signal` is aborted. */
  subscribe(listener: () => void, signal: AbortSignal): void {
    this.#listeners.add(listener);
    signal.addEventListener("abort", () => this.#listeners.delete(listener), { once: true });
  }
}
