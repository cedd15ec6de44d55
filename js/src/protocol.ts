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
  triple,
} from "./lib/guards.ts";

export const VERSION = 1;

export const isKind = oneOf(
  "supervisor",
  "server",
  "statem",
  "agent",
  "task",
  "registry",
  "socket",
  "channel",
  "process",
  "node",
  "more",
);
export type Kind = Is<typeof isKind>;

export const isStatus = oneOf(
  "running",
  "waiting",
  "suspended",
  "restarting",
  "exited",
  "up",
  "down",
  "cut",
);
export type Status = Is<typeof isStatus>;

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
  "node_started",
  "node_crashed",
  "partitioned",
  "healed",
  "held",
  "released",
);
export type EventKind = Is<typeof isEventKind>;

export const isExit = shape({
  pid: isText,
  reason: isText,
  at: isNumber,
});
export type Exit = Is<typeof isExit>;

export const isRow = shape({
  key: isText,
  parent: isText,
  pid: isText,
  name: isText,
  kind: isKind,
  cls: isText,
  sub: isText,
  status: isStatus,
  mailbox: isNumber,
  rate: isNumber,
  restarts: isNumber,
  intensity: orNull(triple(isNumber, isNumber, listOf(isNumber))),
  exits: listOf(isExit),
  children: isNumber,
  open: isFlag,
  limit: isNumber,
  full: isFlag,
  dropped: isNumber,
});
export type Row = Is<typeof isRow>;

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
  cuts: listOf(isText),
  alive: isFlag,
});
export type Stats = Is<typeof isStats>;

export const isDeadGeneration = shape({
  pid: isText,
  reason: isText,
  at: isNumber,
  traceback: isText,
});
export type DeadGeneration = Is<typeof isDeadGeneration>;

export const isPlace = shape({
  name: isText,
  x: isNumber,
  y: isNumber,
  w: isNumber,
});
export type Place = Is<typeof isPlace>;

export const isArrow = shape({
  source: isText,
  target: isText,
  causes: listOf(isText),
  times: isNumber,
  curve: listOf(isNumber),
  x: isNumber,
  y: isNumber,
});
export type Arrow = Is<typeof isArrow>;

export const isTaken = shape({
  source: isText,
  target: isText,
  cause: isText,
});
export type Taken = Is<typeof isTaken>;

export const isMachine = shape({
  current: isText,
  initial: isText,
  last: orNull(isTaken),
  frame: listOf(isNumber),
  places: listOf(isPlace),
  arrows: listOf(isArrow),
  text: isText,
});
export type Machine = Is<typeof isMachine>;

export const isDetails = shape({
  key: isText,
  pid: isText,
  name: isText,
  kind: isKind,
  cls: isText,
  parent: isText,
  status: isStatus,
  mailbox: isNumber,
  bounds: isText,
  messages: isNumber,
  started: isNumber,
  initial: isText,
  names: listOf(isText),
  links: listOf(isText),
  monitors: listOf(isText),
  monitored_by: listOf(isText),
  state: isText,
  queue: listOf(isText),
  machine: orNull(isMachine),
  exits: listOf(isDeadGeneration),
});
export type Details = Is<typeof isDetails>;

export const isSnapshot = shape({
  version: oneOf(VERSION),
  seq: isNumber,
  now: isNumber,
  root: isText,
  node: isText,
  rows: listOf(isRow),
  events: listOf(isEvent),
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

export type FromKernel = Delta | Is<typeof isSnapshotMessage> | Pong | Result | Found;

export type CommandName = "kill" | "suspend" | "resume" | "heal";

export type ToKernel =
  | { readonly type: "hello"; readonly view: string }
  | { readonly type: "visible"; readonly view: string; readonly visible: boolean }
  | { readonly type: "bye"; readonly view: string }
  | { readonly type: "ack"; readonly seq: number }
  | { readonly type: "resync" }
  | { readonly type: "ping"; readonly t: number; readonly view: string }
  | { readonly type: "open"; readonly key: string; readonly open: boolean }
  | { readonly type: "more"; readonly key: string }
  | { readonly type: "select"; readonly key: string }
  | { readonly type: "search"; readonly text: string }
  | {
      readonly type: "command";
      readonly id: string;
      readonly name: CommandName;
      readonly pid: string;
      readonly reason?: string;
    };

const READERS: ReadonlyMap<unknown, Guard<FromKernel>> = new Map<unknown, Guard<FromKernel>>([
  ["delta", isDelta],
  ["snapshot", isSnapshotMessage],
  ["pong", isPong],
  ["result", isResult],
  ["found", isFound],
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
