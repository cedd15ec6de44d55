// What the wire says of the selected row: a part for each tab of the inspector, which is there while that tab is shown.

import {
  type Is,
  isFlag,
  isNumber,
  isObject,
  isText,
  listOf,
  oneOf,
  orNull,
  shape,
} from "./lib/guards.ts";
import { isKind, isStatus } from "./protocol_rows.ts";

export const isDeadGeneration = shape({
  pid: isText,
  reason: isText,
  at: isNumber,
  traceback: isText,
});
export type DeadGeneration = Is<typeof isDeadGeneration>;

/** A value as one line, and what it is made of. Written out, since it contains itself. */
export interface Value {
  readonly name: string;
  readonly text: string;
  readonly kind: string;
  readonly parts: readonly Value[];
  readonly more: number;
}

export function isValue(value: unknown): value is Value {
  return (
    isObject(value) &&
    isText(value.name) &&
    isText(value.text) &&
    isText(value.kind) &&
    isNumber(value.more) &&
    listOf(isValue)(value.parts)
  );
}

export const isState = shape({
  what: isText,
  values: listOf(isValue),
});

export const isWaiting = shape({
  index: isNumber,
  mark: isText,
  kind: oneOf("call", "cast", "info", "signal", "system"),
  sender: isText,
  text: isText,
  parts: listOf(isValue),
  since: isNumber,
  exact: isFlag,
});
export type Waiting = Is<typeof isWaiting>;

export const isQueue = shape({
  total: isNumber,
  bounds: isText,
  items: listOf(isWaiting),
});

export const isTie = shape({
  pid: isText,
  name: isText,
});
export type Tie = Is<typeof isTie>;

export const isTies = shape({
  names: listOf(isText),
  groups: listOf(isText),
  links: listOf(isTie),
  monitors: listOf(isTie),
  monitored_by: listOf(isTie),
});
export type Ties = Is<typeof isTies>;

export const isCode = shape({
  name: isText,
  file: isText,
  line: isNumber,
  text: isText,
  note: isText,
});
export type Code = Is<typeof isCode>;

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
  messages: isNumber,
  started: isNumber,
  methods: listOf(isText),
  ties: orNull(isTies),
  exits: listOf(isDeadGeneration),
  state: orNull(isState),
  machine: orNull(isMachine),
  queue: orNull(isQueue),
  code: orNull(isCode),
});
export type Details = Is<typeof isDetails>;
