// The views that the centre can show. A new one is a file and a line here.

import type { PartSpec } from "../parts.ts";
import { treeView } from "./tree.ts";

export const VIEWS: readonly PartSpec[] = [treeView];
