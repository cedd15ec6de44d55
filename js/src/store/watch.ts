// What is watched closely: the messages of the selected process, the sequence diagram, the table of top with the recent
// past of each rate. The kernel sends each as a whole while it is shown.

import type { Messages, Sequence, Top, Watched } from "../protocol.ts";

export const PAST_KEPT = 24;

export interface Watch {
  readonly messages: Messages | null;
  readonly sequence: Sequence | null;
  readonly top: Top | null;
  /** The last rates of those in the table, oldest first. */
  readonly past: ReadonlyMap<string, readonly number[]>;
}

export interface WatchAction {
  readonly type: "watched";
  readonly watched: Watched;
}

export const NO_WATCH: Watch = { messages: null, sequence: null, top: null, past: new Map() };

export function reduceWatch(watch: Watch, { watched }: WatchAction): Watch {
  switch (watched.type) {
    case "messages":
      return { ...watch, messages: watched };
    case "sequence":
      return { ...watch, sequence: watched };
    case "top":
      return { ...watch, top: watched, past: remembered(watch.past, watched) };
  }
}

/** One sample more of each row; who is no longer in the table is forgotten. */
function remembered(past: Watch["past"], { ranks }: Top): Watch["past"] {
  const longer = (pid: string, rate: number) => [...(past.get(pid) ?? []), rate].slice(-PAST_KEPT);
  return new Map(ranks.map(({ pid, rate }) => [pid, longer(pid, rate)]));
}

/** A message and all that led to it: what was handled when it was sent, and so on. */
export function chainOf(
  parts: readonly { readonly number: number; readonly cause: number }[],
  number: number,
): ReadonlySet<number> {
  const causes = new Map(parts.map((part) => [part.number, part.cause]));
  const chain = new Set<number>();
  for (let at = number; at > 0 && !chain.has(at) && causes.has(at); at = causes.get(at) ?? 0) {
    chain.add(at);
  }
  return chain;
}
