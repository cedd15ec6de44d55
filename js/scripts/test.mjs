// Runs js/tests/*.test.ts with Node's own test runner. esbuild strips the types first, so that every supported Node
// can run them; arguments are passed on (npm test -- --test-name-pattern=ghost).

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const tests = fileURLToPath(new URL("../tests/", import.meta.url));
const names = readdirSync(tests).filter((name) => name.endsWith(".test.ts"));
const outdir = mkdtempSync(join(tmpdir(), "actorbook-js-"));

try {
  await esbuild.build({
    entryPoints: names.map((name) => join(tests, name)),
    outdir,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    format: "esm",
    platform: "node",
    sourcemap: "inline",
    loader: { ".css": "text" },
    logLevel: "warning",
  });
  const files = names.map((name) => join(outdir, name.replace(/\.ts$/, ".mjs")));
  const { status } = spawnSync(
    process.execPath,
    ["--enable-source-maps", "--test", ...process.argv.slice(2), ...files],
    { stdio: "inherit" },
  );
  process.exitCode = status ?? 1;
} finally {
  rmSync(outdir, { recursive: true });
}
