// What stands in the toolbar between the numbers and the search box. A new tool is a file and a line here.

import type { PartSpec } from "../parts.ts";
import { haltTool } from "./halt.ts";
import { healTool } from "./heal.ts";

export const TOOLS: readonly PartSpec[] = [haltTool, healTool];
