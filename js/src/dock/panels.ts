// The panels of the dock below the tree. A new one is a file and a line here.

import type { PartSpec } from "../parts.ts";
import { eventsPanel } from "./events.ts";
import { timelinePanel } from "./timeline.ts";

export const PANELS: readonly PartSpec[] = [timelinePanel, eventsPanel];
