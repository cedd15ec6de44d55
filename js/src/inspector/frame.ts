// What the tabs of the inspector draw: the selected row, which is there at once, and the details, which the kernel sends.

import type { Frame } from "../parts.ts";
import type { Details, Row } from "../protocol.ts";

export interface InspectorFrame extends Frame {
  /** The last that was known of the selected row: it may go while it is looked at. */
  readonly row: Row;
  readonly details: Details | null;
}
