// Light or dark? Each host says it in its own way; the first that says anything is believed.

export type Theme = "light" | "dark";

/** What the page says about itself: attributes of an element or of those around it. */
export interface Signs {
  /** JupyterLab and Notebook 7: `data-jp-theme-light` on the body. */
  readonly jupyter: string | null;
  /** VS Code: a class such as `vscode-dark` or `vscode-high-contrast-light`. */
  readonly classes: string;
  /** Documentation sites, marimo and others: `data-theme` or `data-color-mode`. */
  readonly site: string | null;
  readonly prefersDark: boolean;
}

export function themeOf({ jupyter, classes, site, prefersDark }: Signs): Theme {
  if (jupyter !== null) return jupyter === "false" ? "dark" : "light";
  if (/\bvscode-(high-contrast-)?light\b/.test(classes)) return "light";
  if (/\bvscode-(dark|high-contrast)\b/.test(classes)) return "dark";
  if (site !== null) return /dark/.test(site) ? "dark" : "light";
  return prefersDark ? "dark" : "light";
}

/** Calls `use` with the theme now and whenever it changes, until `signal` is aborted. */
export function watchTheme(host: Element, use: (theme: Theme) => void, signal: AbortSignal): void {
  const media = matchMedia("(prefers-color-scheme: dark)");
  const tell = () => use(themeOf(signsOf(host, media.matches)));
  const observer = new MutationObserver(tell);
  const attributeFilter = ["class", "data-jp-theme-light", "data-theme", "data-color-mode"];
  for (const element of [document.documentElement, document.body]) {
    observer.observe(element, { attributes: true, attributeFilter });
  }
  media.addEventListener("change", tell, { signal });
  signal.addEventListener("abort", () => observer.disconnect(), { once: true });
  tell();
}

function signsOf(host: Element, prefersDark: boolean): Signs {
  const jupyter =
    host.closest("[data-jp-theme-light]") ?? document.querySelector("body[data-jp-theme-light]");
  const site = host.closest("[data-theme], [data-color-mode]");
  return {
    jupyter: jupyter?.getAttribute("data-jp-theme-light") ?? null,
    classes: document.body.className,
    site: site?.getAttribute("data-theme") ?? site?.getAttribute("data-color-mode") ?? null,
    prefersDark,
  };
}
