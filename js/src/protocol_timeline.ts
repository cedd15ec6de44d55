// What the wire says of the run so far, and of the moment that is looked at.

import { type Is, isFlag, isNumber, isText, listOf, oneOf, orNull, shape } from "./lib/guards.ts";

export const isMark = shape({
  n: isNumber,
  at: isNumber,
  kind: oneOf("crash", "restart", "fault"),
});
export type Mark = Is<typeof isMark>;

export const isLink = shape({
  n: isNumber,
  at: isNumber,
  kind: isText,
  name: isText,
  text: isText,
});
export type Link = Is<typeof isLink>;

export const isMoment = shape({
  n: isNumber,
  at: isNumber,
  chain: listOf(isLink),
});
export type Moment = Is<typeof isMoment>;

export const isTimeline = shape({
  type: oneOf("timeline"),
  first: isNumber,
  last: isNumber,
  start: isNumber,
  end: isNumber,
  bars: listOf(isNumber),
  marks: listOf(isMark),
  moment: orNull(isMoment),
  live: isFlag,
});
export type Timeline = Is<typeof isTimeline>;

/** How the value of a wish for another moment is meant. */
export type ScrubTo = "live" | "event" | "time" | "by" | "crash";

export type ToTimeline = {
  readonly type: "scrub";
  readonly to: ScrubTo;
  readonly value: number;
};
