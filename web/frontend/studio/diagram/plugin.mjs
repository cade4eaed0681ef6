// The token simulation has no translation service: its words are literals. This esbuild plugin replaces them while bundling,
// from simulation.json (file → {what stands there: what shall stand}). A key that an upgrade took away ends the build.
import { readFileSync } from "node:fs";

const WORDS = JSON.parse(readFileSync(new URL("./simulation.json", import.meta.url), "utf8"));

export const simulationInChinese = {
  name: "simulation-in-chinese",
  setup(build) {
    build.onLoad({ filter: /bpmn-js-token-simulation[\\/]lib[\\/]features[\\/].*\.js$/ }, ({ path }) => {
      const name = path.replaceAll("\\", "/").split("bpmn-js-token-simulation/lib/")[1];
      let contents = readFileSync(path, "utf8");
      for (const [from, to] of Object.entries(WORDS[name] ?? {})) {
        if (!contents.includes(from)) throw new Error(`${name} has no ${from} any more: mend studio/diagram/simulation.json`);
        contents = contents.replaceAll(from, to);
      }
      return { contents, loader: "js" };
    });
  },
};
