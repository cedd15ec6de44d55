// From what a message or a reader names (a pid, a name) to the row that is drawn for it.

import type { Row } from "../protocol.ts";
import type { Picture } from "./picture.ts";

/** The row where `pid` lives, else the one where it lived (a restarted slot), else the one of that name. */
export function rowFor({ rows }: Pick<Picture, "rows">, pid: string, name = ""): Row | undefined {
  let former: Row | undefined;
  let namesake: Row | undefined;
  for (const row of rows.values()) {
    if (pid !== "" && row.pid === pid) return row;
    if (row.exits.some((exit) => exit.pid === pid)) former ??= row;
    if (name !== "" && row.name === name) namesake ??= row;
  }
  return former ?? namesake;
}
