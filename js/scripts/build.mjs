// Bundles the widget, and the page of the chat example, into the Python package. With --serve it serves the
// preview of the widget instead.

import { readFile, stat } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const here = (/** @type {string} */ path) => fileURLToPath(new URL(path, import.meta.url));

/**
 * esbuild's own text loader keeps a style sheet as it was written, comments and all: minify it first.
 * @type {esbuild.Plugin}
 */
const minifiedCss = {
  name: "minified-css",
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      const { code } = await esbuild.transform(source, { loader: "css", minify: true });
      return { contents: code, loader: "text" };
    });
  },
};

/** @type {esbuild.BuildOptions} */
const options = {
  entryPoints: [here("../src/widget.ts")],
  outfile: here("../../actorbook/notebook/static/widget.js"),
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  // RequireJS is on the page of the classic notebook: a bundled UMD module must not register itself there.
  define: { "define.amd": "false" },
  plugins: [minifiedCss],
  logLevel: "info",
};

/** @type {esbuild.BuildOptions} */
const chat = {
  entryPoints: [here("../chat/chat.ts")],
  outfile: here("../../actorbook/examples/static/chat.js"),
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  logLevel: "info",
};

/** Serves js/preview with the widget beside it, built anew at each request and written nowhere. */
async function serve() {
  const context = await esbuild.context({
    ...options,
    minify: false,
    sourcemap: "inline",
    write: false,
  });
  const { port } = await context.serve({ servedir: here("../..") });
  console.error(`open http://localhost:${port}/js/preview/`);
}

/** The bundle is sent to the page as text with each widget: beyond this it would be felt. */
const LARGEST = 300 * 1024;

/** Writes the bundles, and fails when the widget's has grown too large. */
async function build() {
  await Promise.all([esbuild.build(options), esbuild.build(chat)]);
  const { size } = await stat(String(options.outfile));
  if (size <= LARGEST) return;
  console.error(`expected a bundle of at most ${LARGEST} bytes, got ${size}`);
  process.exitCode = 1;
}

await (process.argv.includes("--serve") ? serve() : build());
