/** Reads a diagram as JSON from standard input, writes its places as JSON to standard output. */

import { readFileSync, writeFileSync } from "node:fs";

import { layout } from "./index.mjs";

writeFileSync(1, JSON.stringify(layout(JSON.parse(readFileSync(0, "utf8")))));
