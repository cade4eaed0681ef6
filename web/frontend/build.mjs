// Bundles the front end into ../static/dist: one script and one style sheet a page kind, the icon sprite, and the
// licences of everything that went in. Called by hatch_build.py, which knows when nothing has changed.
import { build } from "esbuild";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { simulationInChinese } from "./studio/diagram/plugin.mjs";
import { formEditorInChinese, withoutFeel } from "./studio/forms/plugin.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const dist = join(here, "..", "static", "dist");
const entries = [
  ...["app.js", "theme.js", "case.js", "replay.js", "studio.js", "app.css"],
  ...["studio-forms.js", "studio-decisions.js", "studio-documents.js", "studio-compare.js", "studio-tables.css"],
].map((name) => join(here, name));

function sprite() {
  const names = readFileSync(join(here, "icons.txt"), "utf8").match(/^[a-z0-9-]+/gm);
  const symbols = names.map((name) => {
    const svg = readFileSync(join(here, "node_modules/@tabler/icons/icons/outline", `${name}.svg`), "utf8");
    const drawing = svg.replace(/<svg[^>]*>|<\/svg>/g, "").replace(/<path stroke="none"[^>]*\/>/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24">${drawing.replace(/\s*\n\s*/g, "")}</symbol>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`;
}

function licence(name) {
  const folder = join(here, "node_modules", name);
  const about = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^(licen[cs]e|copying)/i.test(entry));
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : `Licence: ${about.license}`;
  return `${name} ${about.version} (${about.license})\n\n${text}\n`;
}

function packagesOf(metafile) {
  const names = Object.keys(metafile.inputs).map((path) => path.match(/.*node_modules\/((?:@[^/]+\/)?[^/]+)/)?.[1]);
  return [...new Set([...names.filter(Boolean), "@tabler/icons"])].sort();
}

if (existsSync(dist)) rmSync(dist, { recursive: true });
mkdirSync(dist, { recursive: true });
const { metafile } = await build({
  absWorkingDir: here,
  entryPoints: entries,
  outdir: dist,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  charset: "utf8",
  legalComments: "none", // their texts stand in licences.txt, whole
  loader: { ".svg": "dataurl", ".woff2": "file" },
  plugins: [simulationInChinese, formEditorInChinese, withoutFeel],
  metafile: true,
  logLevel: "warning",
});
writeFileSync(join(dist, "icons.svg"), sprite());
writeFileSync(join(dist, "licences.txt"), packagesOf(metafile).map(licence).join(`\n${"-".repeat(80)}\n\n`));
for (const [path, { bytes }] of Object.entries(metafile.outputs)) console.log(`${path.split("/").pop()}  ${bytes} B`);
