// What a reader can ask of the kernel. `Sync` is the real one; panels and the tree know only this.

import type { CommandName } from "./protocol.ts";

export interface Actions {
  open(key: string, open: boolean): void;
  more(key: string): void;
  /** Shows the details of a row; an empty key closes them. */
  select(key: string): void;
  search(text: string): void;
  command(name: CommandName, pid: string, label: string, reason?: string): void;
}
