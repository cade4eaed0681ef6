/** Routes all flows of a level on its grid: straight ones first, loops last, then each once more. */

import { openPorts } from "./ports.mjs";
import { Search, Usage } from "./search.mjs";

const PASSES = 3;

/** Returns flow → path {out, in, points}. */
export function routeFlows(grid) {
  return new Router(grid).run();
}

class Router {
  constructor(grid) {
    this.grid = grid;
    this.flows = inOrder(grid.graph.flows);
    this.usage = new Usage(grid);
    this.search = new Search(grid, this.usage);
    this.paths = new Map();
    this.used = new Map();
    this.related = new Map(this.flows.map((flow) => [flow, relatives(flow, this.flows)]));
  }

  run() {
    for (const flow of this.flows) this.route(flow);
    for (let pass = 0; pass < PASSES; pass++) {
      let changed = false;
      for (const flow of this.flows) {
        const old = this.paths.get(flow);
        if (old.straight) continue;
        this.take(flow, -1);
        this.paths.delete(flow);
        this.route(flow);
        changed ||= this.paths.get(flow).points.join() !== old.points.join();
      }
      if (!changed) break;
    }
    return this.paths;
  }

  route(flow) {
    const { grid, used } = this;
    const related = this.related.get(flow).filter((other) => this.paths.has(other));
    for (const other of related) this.usage.count(this.paths.get(other), -1, "own");
    const mates = related.filter((other) => other.target === flow.target).map((other) => this.paths.get(other));
    for (const path of mates) this.usage.mate(path, 1);
    const outs = openPorts(grid, flow, "out", used);
    const ins = openPorts(grid, flow, "in", used);
    const path = this.search.find(outs, ins);
    for (const path of mates) this.usage.mate(path, -1);
    for (const other of related) this.usage.count(this.paths.get(other), 1, "own");
    if (!path) throw new Error(`no way from ${flow.source.id} to ${flow.target.id}`);
    this.paths.set(flow, path);
    this.take(flow, 1);
  }

  take(flow, sign) {
    const path = this.paths.get(flow);
    this.usage.count(path, sign);
    for (const way of ["out", "in"]) {
      const uses = this.used.get(path[way].key) ?? { in: 0, out: 0 };
      uses[way] += sign;
      this.used.set(path[way].key, uses);
    }
  }
}

/** Flows that may share a trunk with this one: same source or same target. */
function relatives(flow, flows) {
  const start = flow.from ?? flow.source;
  return flows.filter(
    (other) => other !== flow && ((other.from ?? other.source) === start || other.target === flow.target),
  );
}

function inOrder(flows) {
  const weight = ({ source, target, from, back }) => {
    const straight = target.column === source.column + 1 && target.row === source.row && target.lane === source.lane;
    const apart = Math.abs(target.column - source.column) + Math.abs(target.cy - source.cy) / 200;
    return (back ? 1000 : 0) + (straight && !from ? 0 : 10 + apart);
  };
  return [...flows].sort((a, b) => weight(a) - weight(b));
}
