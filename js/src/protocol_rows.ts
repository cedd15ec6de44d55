// What the wire says of a slot of the tree.

import {
  type Is,
  isFlag,
  isNumber,
  isText,
  listOf,
  oneOf,
  orNull,
  shape,
  triple,
} from "./lib/guards.ts";

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
  "blocking",
  "suspended",
  "restarting",
  "exited",
  "up",
  "down",
  "cut",
);
export type Status = Is<typeof isStatus>;

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
  since: isNumber,
  limit: isNumber,
  full: isFlag,
  dropped: isNumber,
});
export type Row = Is<typeof isRow>;
