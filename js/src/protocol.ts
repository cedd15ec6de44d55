// The widget's wire, version 1: docs/reference/wire.md in TypeScript. Each `shape` is both the runtime check and, through
// `Is`, the type. Python's side is actorbook/notebook/protocol.py; a test holds the two together by the field names below.

import {
  type Guard,
  type Is,
  isFlag,
  isNumber,
  isObject,
  isText,
  listOf,
  oneOf,
  orNull,
  recordOf,
  shape,
} from "./lib/guards.ts";
import { isDetails } from "./protocol_details.ts";
import { isRow } from "./protocol_rows.ts";
import { isTimeline, type Timeline, type ToTimeline } from "./protocol_timeline.ts";
import { isMessages, isSequence, isTop, type ToWatch, type Watched } from "./protocol_watch.ts";

export * from "./protocol_details.ts";
export * from "./protocol_rows.ts";
export * from "./protocol_timeline.ts";
export * from "./protocol_watch.ts";

export const VERSION = 1;

export const isEventKind = oneOf(
  "started",
  "exited",
  "crashed",
  "restarted",
  "gave_up",
  "registered",
  "unregistered",
  "suspended",
  "resumed",
  "upgraded",
  "state_changed",
  "output",
  "report",
  "killed",
  "overflow",
  "blocking",
  "node_started",
  "node_crashed",
  "partitioned",
  "healed",
  "held",
  "released",
  "injected",
  "paused",
  "stepped",
  "continued",
);
export type EventKind = Is<typeof isEventKind>;

export const isEvent = shape({
  n: isNumber,
  at: isNumber,
  kind: isEventKind,
  pid: isText,
  name: isText,
  text: isText,
});
export type Event = Is<typeof isEvent>;

export const isStats = shape({
  processes: isNumber,
  rate: isNumber,
  lag: isNumber,
  crashes: isNumber,
  dropped: isNumber,
  cost: isNumber,
  cuts: listOf(isText),
  paused: isFlag,
  alive: isFlag,
});
export type Stats = Is<typeof isStats>;

export const isWay = shape({
  source: isText,
  goal: isText,
  status: oneOf("open", "cut", "held", "closed"),
  flying: isNumber,
  rate: isNumber,
});
export type Way = Is<typeof isWay>;

export const isSnapshot = shape({
  version: oneOf(VERSION),
  seq: isNumber,
  now: isNumber,
  root: isText,
  node: isText,
  rows: listOf(isRow),
  events: listOf(isEvent),
  network: listOf(isWay),
  stats: isStats,
});
export type Snapshot = Is<typeof isSnapshot>;

export const isDrop = shape({
  key: isText,
  reason: isText,
});
export type Drop = Is<typeof isDrop>;

export const isDelta = shape({
  type: oneOf("delta"),
  seq: isNumber,
  now: isNumber,
  put: listOf(isRow),
  drop: listOf(isDrop),
  order: recordOf(listOf(isText)),
  events: listOf(isEvent),
  network: orNull(listOf(isWay)),
  stats: isStats,
  details: orNull(isDetails),
});
export type Delta = Is<typeof isDelta>;

export const isSnapshotMessage = shape({
  type: oneOf("snapshot"),
  snapshot: isSnapshot,
});

export const isPong = shape({
  type: oneOf("pong"),
  t: isNumber,
  view: isText,
});
export type Pong = Is<typeof isPong>;

/** The id of the command that is answered; empty or null when the kernel could not even read who asked. */
export const isCommandId = orNull(isText);

export const isResult = shape({
  type: oneOf("result"),
  id: isCommandId,
  ok: isFlag,
  text: isText,
});
export type Result = Is<typeof isResult>;

export const isFound = shape({
  type: oneOf("found"),
  text: isText,
  total: isNumber,
  keys: listOf(isText),
});
export type Found = Is<typeof isFound>;

/** Sent from another thread, about once a second: the loop itself cannot speak. An empty pid is a cell, or a stranger. */
export const isBlocking = shape({
  type: oneOf("blocking"),
  pid: isText,
  name: isText,
  where: isText,
  seconds: isNumber,
});
export type Blocking = Is<typeof isBlocking>;

export type FromKernel =
  | Delta
  | Is<typeof isSnapshotMessage>
  | Pong
  | Result
  | Found
  | Blocking
  | Watched
  | Timeline;

export type CommandName =
  | "kill"
  | "suspend"
  | "resume"
  | "restart"
  | "send"
  | "cast"
  | "call"
  | "put_state"
  | "drop"
  | "duplicate"
  | "move"
  | "crash_node"
  | "start_node"
  | "heal"
  | "pause"
  | "step"
  | "continue"
  | "link";

/** What a command needs beside the pid, by name, as text. */
export type CommandArgs = Readonly<Record<string, string>>;

export type ToKernel =
  | ToWatch
  | ToTimeline
  | { readonly type: "hello"; readonly view: string }
  | { readonly type: "visible"; readonly view: string; readonly visible: boolean }
  | { readonly type: "bye"; readonly view: string }
  | { readonly type: "ack"; readonly seq: number }
  | { readonly type: "resync" }
  | { readonly type: "ping"; readonly t: number; readonly view: string }
  | { readonly type: "open"; readonly key: string; readonly open: boolean }
  | { readonly type: "more"; readonly key: string }
  | { readonly type: "select"; readonly key: string }
  | {
      readonly type: "look";
      readonly centre: string;
      readonly tab: string;
      readonly dock: string;
    }
  | { readonly type: "search"; readonly text: string }
  | {
      readonly type: "command";
      readonly id: string;
      readonly name: CommandName;
      readonly pid: string;
      readonly args?: CommandArgs;
    };

const READERS: ReadonlyMap<unknown, Guard<FromKernel>> = new Map<unknown, Guard<FromKernel>>([
  ["delta", isDelta],
  ["snapshot", isSnapshotMessage],
  ["pong", isPong],
  ["result", isResult],
  ["found", isFound],
  ["messages", isMessages],
  ["sequence", isSequence],
  ["top", isTop],
  ["timeline", isTimeline],
  ["blocking", isBlocking],
]);

/**
 * A message of the kernel, checked. `null` when its type is none that this picture knows (a newer kernel may say more).
 * @throws TypeError when the type is known and the rest does not fit: that is a fault of one side, not to be passed over.
 */
export function readMessage(content: unknown): FromKernel | null {
  if (!isObject(content)) return null;
  const fits = READERS.get(content.type);
  if (fits === undefined) return null;
  if (fits(content)) return content;
  throw new TypeError(`expected a ${String(content.type)} message of the wire, version ${VERSION}`);
}

/** The snapshot trait, or `null`: before the kernel has drawn anything it is empty. */
export function readSnapshot(value: unknown): Snapshot | null {
  return isSnapshot(value) ? value : null;
}
