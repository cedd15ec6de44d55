// The tabs of the inspector, in the order of the list. A new one is a file and a line here.

import type { PartSpec } from "../parts.ts";
import { codeTab } from "./code.ts";
import type { InspectorFrame } from "./frame.ts";
import { historyTab } from "./history.ts";
import { linksTab } from "./links.ts";
import { mailboxTab } from "./mailbox.ts";
import { messagesTab } from "./messages.ts";
import { stateTab } from "./state.ts";

export const TABS: readonly PartSpec<InspectorFrame>[] = [
  stateTab,
  mailboxTab,
  messagesTab,
  linksTab,
  historyTab,
  codeTab,
];
