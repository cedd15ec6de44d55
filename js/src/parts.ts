// What the widget is made of: the views of its centre, the tabs of the inspector, the panels of the dock. A part is a file
// of its own that makes an element once and then patches it, once a frame and only while it is shown.

import type { Actions } from "./actions.ts";
import type { State } from "./store/store.ts";

/** One drawing: what is known, and the two clocks. */
export interface Frame {
  readonly state: State;
  /** The node's clock, ms: that of all times on the wire. */
  readonly now: number;
  /** The page's clock, ms. */
  readonly at: number;
}

export interface Part<F extends Frame = Frame> {
  readonly element: HTMLElement;
  update(frame: F): void;
}

export interface PartContext {
  readonly actions: Actions;
  /** Aborted when the view that holds the part goes. */
  readonly signal: AbortSignal;
}

/** A part by name. It is mounted when it is first shown. */
export interface PartSpec<F extends Frame = Frame> {
  readonly id: string;
  readonly title: string;
  /** A number beside the title, such as how many messages wait; empty for none. */
  readonly badge?: (frame: F) => string;
  readonly mount: (context: PartContext) => Part<F>;
}
