// The anywidget module. A function, so that the host makes one per model: what `initialize` wires, `render` shares, and the
// `model` that each is given is a proxy of its own and could not serve as a key.

import { lifetime } from "./lib/lifetime.ts";
import { pageTimers } from "./lib/timers.ts";
import { Store } from "./store/store.ts";
import { type Model, Sync } from "./sync.ts";
import { View } from "./view.ts";

interface InitializeProps {
  readonly model: Model;
  readonly signal?: AbortSignal;
}

interface RenderProps extends InitializeProps {
  readonly el: HTMLElement;
}

type Cleanup = () => void;

export interface Widget {
  initialize(props: InitializeProps): Cleanup;
  render(props: RenderProps): Cleanup;
}

interface Session {
  readonly store: Store;
  readonly sync: Sync;
}

export default function widget(): Widget {
  let session: Session | null = null;

  /** Wires the model to a store: once per model. */
  function initialize({ model, signal }: InitializeProps): Cleanup {
    const life = lifetime(signal);
    const store = new Store();
    const sync = new Sync(model, store, pageTimers, uniqueName());
    sync.start(life.signal);
    session = { store, sync };
    return () => life.abort();
  }

  /** Mounts one of any number of views. */
  function render({ model, el, signal }: RenderProps): Cleanup {
    const life = lifetime(signal);
    if (session === null) throw new Error("expected initialize before render, got render alone");
    const { store, sync } = session;
    const attached = sync.attach(uniqueName(), life.signal);
    const seen = (visible: boolean) => attached.visible(visible);
    const view = new View({ el, store, actions: sync, seen, signal: life.signal });
    const resize = () => view.setHeight(model.get("height"));
    model.on("change:height", resize);
    life.signal.addEventListener("abort", () => model.off("change:height", resize), { once: true });
    resize();
    return () => life.abort();
  }

  return { initialize, render };
}

/** Two pages may look at one kernel: names must differ between them too. */
function uniqueName(): string {
  return Math.random().toString(36).slice(2, 10);
}
