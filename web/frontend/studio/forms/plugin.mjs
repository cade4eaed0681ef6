// The form editor has no translation service: its words are literals. This esbuild plugin replaces them while bundling, from
// words.json (package → {what stands in its source: what shall stand}). The last entry leaves its properties panel out, which
// asks in FEEL's terms; ours is panel.js. A key that is not found any more, after an upgrade, ends the build.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const EDITOR = fileURLToPath(new URL("../../node_modules/@bpmn-io/form-js-editor/dist", import.meta.url));
const OF_TABLES = JSON.parse(readFileSync(new URL("../decisions/literals.json", import.meta.url), "utf8")); // not in its service
const WORDS = JSON.parse(readFileSync(new URL("./words.json", import.meta.url), "utf8"));

const NOTHING = "module.exports = { Annotation: { define() {} }, jsonParseLinter() {} };"; // all that is asked for while loading
const FEEL_EDITORS = /^(@bpmn-io\/feel(ers)?-editor|@codemirror\/.*)$/;

/** Neither editor speaks FEEL here: what edits it is left out, and dmn-js's field for it is its plain one. */
export const withoutFeel = {
  name: "without-feel",
  setup(build) {
    build.onResolve({ filter: FEEL_EDITORS }, ({ importer, path }) => (/form-js-editor[\\/]dist/.test(importer) ? { path, namespace: "left-out" } : null));
    build.onLoad({ filter: /.*/, namespace: "left-out" }, () => ({ contents: NOTHING, loader: "js" }));
    build.onResolve({ filter: /dmn-js-shared\/lib\/components\/LiteralExpression$/ }, ({ path, ...asked }) => build.resolve(path.replace("LiteralExpression", "ContentEditable"), { resolveDir: asked.resolveDir, kind: asked.kind }));
  },
};

export const formEditorInChinese = {
  name: "form-editor-in-chinese",
  setup(build) {
    // both halves of form-js must draw with one Preact, or the hooks of one don't know the other's components
    build.onResolve({ filter: /^preact(\/.*)?$/ }, ({ path, kind, importer }) => (/form-js-viewer/.test(importer) ? build.resolve(path, { kind, resolveDir: EDITOR }) : null));
    build.onLoad({ filter: /form-js-(viewer|editor)[\\/]dist[\\/]index\.es\.js$/ }, ({ path }) => {
      const name = path.match(/form-js-(viewer|editor)/)[0];
      return { contents: replaced(readFileSync(path, "utf8"), WORDS[name], name), loader: "js" };
    });
    build.onLoad({ filter: /dmn-js-decision-table[\\/]lib[\\/]features[\\/](drag-and-drop|context-menu)[\\/](DragAndDrop|ContextMenu)\.js$/ }, ({ path }) => {
      const name = path.split(/[\\/]/).at(-1);
      return { contents: replaced(readFileSync(path, "utf8"), OF_TABLES[name], name), loader: "js" };
    });
  },
};

function replaced(source, words, name) {
  for (const [from, to] of Object.entries(words)) {
    if (!source.includes(from)) throw new Error(`${name} has no ${from} any more: mend studio/forms/words.json`);
    source = source.replaceAll(from, to);
  }
  return source;
}
