// The views that the centre can show. A new one is a file and a line here.

import type { PartSpec } from "../parts.ts";
import { sequenceView } from "./sequence.ts";
import { topView } from "./top.ts";
import { treeView } from "./tree.ts";

export const VIEWS: readonly PartSpec[] = [treeView, sequenceView, topView];
