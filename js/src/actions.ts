// What a reader can ask of the kernel. `Sync` is the real one; panels and the tree know only this.

import type { CommandArgs, CommandName, ScrubTo, ToWatch } from "./protocol.ts";
import type { Area } from "./store/panes.ts";

export interface Actions {
  open(key: string, open: boolean): void;
  more(key: string): void;
  /** Shows the details of a row; an empty key closes them. */
  select(key: string): void;
  /** Changes the view of the centre, the tab of the inspector or the panel of the dock. */
  show(area: Area, id: string): void;
  search(text: string): void;
  /** About traces, the part of the diagram in sight, the order of the table. */
  watch(message: ToWatch): void;
  /** Looks at another moment, in all views of the widget. */
  scrub(to: ScrubTo, value?: number): void;
  /** `label` is what the reader calls its target; `args` are the command's own, by name. */
  command(name: CommandName, pid: string, label: string, args?: CommandArgs): void;
}
