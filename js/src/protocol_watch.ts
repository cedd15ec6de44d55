// What the wire says of messages, of the sequence diagram and of the table of top: each message is whole and replaces the
// one before, so one that is lost costs a moment.

import { type Is, isFlag, isNumber, isText, listOf, oneOf, orNull, shape } from "./lib/guards.ts";

export const isTalk = shape({
  number: isNumber,
  at: isNumber,
  way: oneOf("in", "out", "self"),
  other: isText,
  pid: isText,
  what: isText,
  text: isText,
  payload: isText,
  state: oneOf("taken", "waiting", "lost"),
  took: isNumber,
  cause: isNumber,
});
export type Talk = Is<typeof isTalk>;

export const isMessages = shape({
  type: oneOf("messages"),
  pid: isText,
  said: isText,
  running: isFlag,
  talks: listOf(isTalk),
});
export type Messages = Is<typeof isMessages>;

export const isLane = shape({
  x: isNumber,
  name: isText,
  pid: isText,
  node: isText,
  lives: listOf(listOf(isNumber)),
});
export type Lane = Is<typeof isLane>;

export const isFlight = shape({
  x1: isNumber,
  y1: isNumber,
  x2: isNumber,
  y2: isNumber,
  what: isText,
  label: isText,
  title: isText,
  end: oneOf("arrived", "lost", "open"),
  number: isNumber,
  cause: isNumber,
  loop: isFlag,
});
export type Flight = Is<typeof isFlight>;

export const isStop = shape({
  x: isNumber,
  y: isNumber,
  kind: oneOf("started", "exited", "crashed", "restarted"),
  label: isText,
  title: isText,
});
export type Stop = Is<typeof isStop>;

export const isBar = shape({
  x: isNumber,
  y1: isNumber,
  y2: isNumber,
});

export const isTick = shape({
  y: isNumber,
  label: isText,
});

export const isBox = shape({
  x: isNumber,
  y: isNumber,
  w: isNumber,
  h: isNumber,
  label: isText,
});
export type Box = Is<typeof isBox>;

export const isNote = shape({
  y: isNumber,
  label: isText,
});

export const isSequence = shape({
  type: oneOf("sequence"),
  targets: isText,
  said: isText,
  running: isFlag,
  first: isNumber,
  steps: isNumber,
  width: isNumber,
  height: isNumber,
  top: isNumber,
  lanes: listOf(isLane),
  flights: listOf(isFlight),
  stops: listOf(isStop),
  bars: listOf(isBar),
  ticks: listOf(isTick),
  nodes: listOf(isBox),
  loops: listOf(isBox),
  notes: listOf(isNote),
});
export type Sequence = Is<typeof isSequence>;

export const isRank = shape({
  pid: isText,
  name: isText,
  cls: isText,
  status: isText,
  mailbox: isNumber,
  rate: isNumber,
  time: orNull(isNumber),
  late: orNull(isNumber),
  memory: orNull(isNumber),
  restarts: isNumber,
});
export type Rank = Is<typeof isRank>;

export const isTop = shape({
  type: oneOf("top"),
  sort: isText,
  filter: isText,
  seconds: isNumber,
  total: isNumber,
  ranks: listOf(isRank),
});
export type Top = Is<typeof isTop>;

export type Watched = Messages | Sequence | Top;

export type ToWatch =
  | {
      readonly type: "trace";
      readonly targets: string;
      readonly limit: number;
      readonly rate: number;
    }
  | { readonly type: "untrace" }
  | { readonly type: "again"; readonly limit: number; readonly rate: number }
  | { readonly type: "window"; readonly first: number }
  | { readonly type: "sort"; readonly by: string; readonly filter: string };
