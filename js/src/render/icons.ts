// One small drawing per kind of process, in the colour of its status.

import { svg } from "../lib/dom.ts";
import type { Kind } from "../protocol.ts";

const DRAWINGS: Readonly<Record<Kind, string>> = {
  supervisor:
    "M5 1.5h6a2 2 0 0 1 2 2v5a2 2 0 0 1-2 2H5a2 2 0 0 1-2-2v-5a2 2 0 0 1 2-2zM8 10.5V16M2.5 16v-3h11v3",
  server: "M8 3.2a5.3 5.3 0 1 1 0 10.6 5.3 5.3 0 0 1 0-10.6z",
  statem:
    "M5 4.5a3.5 3.5 0 1 1 0 7 3.5 3.5 0 0 1 0-7zM8.5 8h2.2M12.6 6.1a1.9 1.9 0 1 1 0 3.8 1.9 1.9 0 0 1 0-3.8z",
  agent: "M8 2.4l5 2.9v5.8L8 14l-5-2.9V5.3z",
  task: "M4.2 3.2v9.6l8.2-4.8z",
  registry: "M3 3.5h10v9H3zM3 6.5h10M7 6.5v6",
  socket: "M5.5 2v3.5M10.5 2v3.5M3.5 5.5h9v2.2a4.5 4.5 0 0 1-9 0zM8 12.2V16",
  channel: "M3 3h10a1 1 0 0 1 1 1v6.5a1 1 0 0 1-1 1H8l-3 3v-3H3a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z",
  process: "M8 5.4a2.6 2.6 0 1 1 0 5.2 2.6 2.6 0 0 1 0-5.2z",
  node: "M2.5 3h11v5h-11zM2.5 8h11v5h-11zM5 5.5h1.5M5 10.5h1.5",
  more: "M3 4.5h10M3 8.5h10M3 12.5h10",
};

/** Filled ones: a mere process is a dot, and so is the state that a state machine is in. */
export function iconFor(kind: Kind): SVGElement {
  const drawing = svg("path", { d: DRAWINGS[kind] });
  return svg("svg", { class: "icon", viewBox: "0 0 16 18", "aria-hidden": "true" }, drawing);
}
