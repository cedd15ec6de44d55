// Mounts the built widget on a fake kernel. The address says how: ?scenario=storm&theme=dark&width=600&height=480&views=2

import widget from "../../actorbook/notebook/static/widget.js";
import { FakeKernel } from "./kernel.mjs";
import { SCENARIOS } from "./scenarios.mjs";

const wish = new URLSearchParams(location.search);
const theme = wish.get("theme") ?? "light";
const scenario = wish.get("scenario") ?? "flights";

document.body.dataset.jpThemeLight = String(theme === "light");
const output = /** @type {HTMLElement} */ (document.querySelector("#output"));
output.style.width = wish.has("width") ? `${wish.get("width")}px` : "";

const kernel = new FakeKernel(SCENARIOS[scenario] ?? SCENARIOS.flights);
const model = kernel.model({ height: Number(wish.get("height") ?? 480) });
const module = widget();
module.initialize({ model });
for (let view = 0; view < Number(wish.get("views") ?? 1); view += 1) {
  const el = document.createElement("div");
  output.append(el);
  module.render({ model, el });
}
kernel.start();
Object.assign(window, { kernel });

for (const name of Object.keys(SCENARIOS)) {
  for (const shade of ["light", "dark"]) {
    const link = document.createElement("a");
    link.href = `?scenario=${name}&theme=${shade}`;
    link.textContent = `${name} ${shade}`;
    document.querySelector("nav")?.append(link);
  }
}
if (wish.has("bare")) document.querySelector("nav")?.remove();
