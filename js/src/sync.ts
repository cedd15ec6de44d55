// Between the kernel's model and the store: numbers are checked, deltas acknowledged, gaps mended, and the kernel told
// what is looked at. One Sync per model; each mounted view attaches to it and is visible or not.

import type { Actions } from "./actions.ts";
import { Heartbeat } from "./heartbeat.ts";
import type { Timers } from "./lib/timers.ts";
import {
  type CommandArgs,
  type CommandName,
  type Delta,
  type FromKernel,
  readMessage,
  readSnapshot,
  type ScrubTo,
  type Snapshot,
  type ToKernel,
  type ToWatch,
} from "./protocol.ts";
import type { Area } from "./store/panes.ts";
import type { Store } from "./store/store.ts";

/** The part of an anywidget model that is used. */
export interface Model {
  get(name: string): unknown;
  send(content: unknown): void;
  on(name: string, callback: (content: unknown) => void): void;
  off(name: string, callback: (content: unknown) => void): void;
}

/** How a mounted view takes part. */
export interface Attached {
  readonly view: string;
  visible(visible: boolean): void;
}

/** A resync that was not answered for so long is asked for again. */
export const RESYNC_MS = 3000;

const WATCH_MS = 100;

export class Sync implements Actions {
  readonly #model: Model;
  readonly #store: Store;
  readonly #timers: Timers;
  /** Two pages may share a kernel: each takes only the answers to its own commands for its own. */
  readonly #name: string;
  readonly #hearts = new Map<string, Heartbeat>();
  /** When a snapshot was asked for that has not come yet. */
  #resyncAt: number | null = null;
  #commands = 0;

  constructor(model: Model, store: Store, timers: Timers, name: string) {
    this.#name = name;
    this.#model = model;
    this.#store = store;
    this.#timers = timers;
  }

  /** Listens until `signal` is aborted. */
  start(signal: AbortSignal): void {
    this.#listen("msg:custom", (content) => this.#receive(content), signal);
    this.#listen("change:snapshot", () => this.#readTrait(), signal);
    const stopped = () => this.#link("stopped");
    this.#listen("comm:close", stopped, signal);
    this.#listen("destroy", stopped, signal);
    this.#timers.every(WATCH_MS, () => this.#watch(), signal);
    this.#readTrait();
  }

  /** A view was mounted. It leaves when `signal` is aborted. */
  attach(view: string, signal: AbortSignal): Attached {
    const leave = () => {
      this.#hearts.delete(view);
      this.#send({ type: "bye", view });
    };
    signal.addEventListener("abort", leave, { once: true });
    this.#send({ type: "hello", view });
    let seen = false;
    const visible = (now: boolean) => {
      if (now === seen || signal.aborted) return;
      seen = now;
      this.#visible(view, now);
    };
    return { view, visible };
  }

  open(key: string, open: boolean): void {
    this.#send({ type: "open", key, open });
  }

  more(key: string): void {
    this.#send({ type: "more", key });
  }

  select(key: string): void {
    if (key === this.#store.state.ui.selected) return;
    this.#store.dispatch({ type: "select", key });
    this.#send({ type: "select", key });
  }

  show(area: Area, id: string): void {
    const { panes } = this.#store.state.ui;
    if (panes[area] === id) return;
    this.#store.dispatch({ type: "show", area, id });
    this.#send({ type: "look", ...this.#store.state.ui.panes });
  }

  search(text: string): void {
    if (text === this.#store.state.ui.search.text) return;
    this.#store.dispatch({ type: "search", text });
    this.#send({ type: "search", text });
  }

  watch(message: ToWatch): void {
    this.#send(message);
  }

  scrub(to: ScrubTo, value = 0): void {
    this.#send({ type: "scrub", to, value });
  }

  command(name: CommandName, pid: string, label: string, args?: CommandArgs): void {
    this.#commands += 1;
    const id = `${this.#name}.${this.#commands}`;
    const command = { id, name, pid, label, sentAt: this.#timers.now() };
    this.#store.dispatch({ type: "sent", command });
    const message = { type: "command", id, name, pid } as const;
    this.#send(args === undefined ? message : { ...message, args });
  }

  #listen(name: string, callback: (content: unknown) => void, signal: AbortSignal): void {
    this.#model.on(name, callback);
    signal.addEventListener("abort", () => this.#model.off(name, callback), { once: true });
  }

  /** A model whose comm is gone throws: for the reader that is a runtime that has stopped. */
  #send(message: ToKernel): void {
    try {
      this.#model.send(message);
    } catch {
      this.#link("stopped");
    }
  }

  #link(state: "live" | "blocked" | "stopped" | "foreign", at = this.#timers.now()): void {
    this.#store.dispatch({ type: "link", state, at });
  }

  #receive(content: unknown): void {
    let message: FromKernel | null;
    try {
      message = readMessage(content);
    } catch (error) {
      console.error("actorbook:", error);
      this.#link("foreign");
      return;
    }
    if (message !== null) this.#take(message);
  }

  #take(message: FromKernel): void {
    const at = this.#timers.now();
    if (message.type === "snapshot") this.#adopt(message.snapshot);
    else if (message.type === "delta") this.#advance(message);
    else if (message.type === "pong") this.#pong(message.view, message.t);
    else if (message.type === "found") this.#store.dispatch({ type: "found", found: message });
    else if (message.type === "result")
      this.#store.dispatch({ type: "result", result: message, at });
    else if (message.type === "timeline")
      this.#store.dispatch({ type: "timeline", timeline: message });
    else if (message.type === "blocking")
      this.#store.dispatch({ type: "blocking", blocking: message, at });
    else this.#store.dispatch({ type: "watched", watched: message });
  }

  #adopt(snapshot: Snapshot): void {
    this.#resyncAt = null;
    this.#heard();
    this.#store.dispatch({ type: "snapshot", snapshot, at: this.#timers.now() });
  }

  /** The trait is as old as the last save: it counts only when it is ahead of what the messages have told. */
  #readTrait(): void {
    const snapshot = readSnapshot(this.#model.get("snapshot"));
    if (snapshot === null) return;
    const { picture } = this.#store.state;
    if (!picture.known || snapshot.seq > picture.seq) {
      this.#store.dispatch({ type: "restore", snapshot, at: this.#timers.now() });
    }
  }

  #advance(delta: Delta): void {
    const { picture } = this.#store.state;
    this.#heard();
    if (!picture.known || delta.seq > picture.seq + 1) {
      this.#mend();
      return;
    }
    if (delta.seq === picture.seq + 1) {
      this.#store.dispatch({ type: "delta", delta, at: this.#timers.now() });
    }
    // A number from before the snapshot changes nothing, yet the kernel waits for its answer.
    this.#send({ type: "ack", seq: delta.seq });
  }

  #heard(): void {
    for (const heart of this.#hearts.values()) heart.heard(this.#timers.now());
  }

  #mend(): void {
    const now = this.#timers.now();
    if (this.#resyncAt !== null && now - this.#resyncAt < RESYNC_MS) return;
    this.#resyncAt = now;
    this.#send({ type: "resync" });
  }

  #visible(view: string, visible: boolean): void {
    if (visible) this.#hearts.set(view, new Heartbeat(this.#timers.now()));
    else this.#hearts.delete(view);
    this.#send({ type: "visible", view, visible });
    if (visible) this.#watch();
  }

  #pong(view: string, t: number): void {
    this.#hearts.get(view)?.answer(t, this.#timers.now());
    if (this.#store.state.picture.stats.alive) this.#link("live");
  }

  /** Pings what is due, calls the link blocked when a pong is overdue, and lets ghosts go. */
  #watch(): void {
    const now = this.#timers.now();
    for (const [view, heart] of this.#hearts) {
      if (heart.beat(now)) this.#send({ type: "ping", t: now, view });
      if (heart.isBlocked(now)) this.#link("blocked", heart.lastPong);
    }
    this.#store.dispatch({ type: "tick", at: now });
  }
}
