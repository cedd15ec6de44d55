// The style sheets of the shadow root, in the order of the cascade.

import base from "./base.css";
import canvas from "./canvas.css";
import card from "./card.css";
import details from "./details.css";
import events from "./events.css";
import inspector from "./inspector.css";
import machine from "./machine.css";
import messages from "./messages.css";
import network from "./network.css";
import sequence from "./sequence.css";
import tabs from "./tabs.css";
import theme from "./theme.css";
import timeline from "./timeline.css";
import toolbar from "./toolbar.css";
import top from "./top.css";
import traces from "./traces.css";

const sheets = [
  theme,
  base,
  tabs,
  toolbar,
  canvas,
  card,
  network,
  traces,
  details,
  inspector,
  machine,
  messages,
  sequence,
  top,
  events,
  timeline,
];

export const STYLES = sheets.join("\n");
