/** A* over (grid point, direction) with what other flows have taken so far. */

import { LEFT, RIGHT } from "./ports.mjs";

const NONE = [];
const BEND = 40;
const CROSSING = 70;
const SAME_LINE = 900;
const CORNER = 600;
const LEAVING_TRUNK = 60; // two flows to one target that have met stay together

/** What the routed flows use: counts per edge (line) and per point (pass, corner, touch). */
export class Usage {
  constructor({ size, nx }) {
    this.nx = nx;
    for (const key of ["lineH", "lineV", "passH", "passV", "corner", "touch", "mateH", "mateV"]) this[key] = new Int16Array(size);
  }

  /** Add (sign 1) or take away (−1) a path; `only` "pass" or "own" (all but pass) limits it to a part. */
  count(path, sign, only) {
    const { points } = path;
    for (let k = 0; k < points.length; k++) {
      const point = points[k];
      const before = k ? this.direction(points[k - 1], point) : path.out.side;
      const after = k + 1 < points.length ? this.direction(point, points[k + 1]) : (path.in.side + 2) % 4;
      if (only !== "own" && before === after) this[before % 2 ? "passV" : "passH"][point] += sign;
      if (only === "pass") continue;
      if (before !== after) this.corner[point] += sign;
      this.touch[point] += sign;
      if (k + 1 < points.length) this.line(after)[Math.min(point, points[k + 1])] += sign;
    }
  }

  /** Mark (sign 1) or unmark (−1) the way of a flow with the same target. */
  mate({ points }, sign) {
    for (let k = 0; k + 1 < points.length; k++) {
      const lines = this.direction(points[k], points[k + 1]) % 2 ? this.mateV : this.mateH;
      lines[Math.min(points[k], points[k + 1])] += sign;
    }
  }

  /** Whether the step that led to this point in this direction was on the way of a mate. */
  cameWithMate(point, direction) {
    if (direction === RIGHT) return this.mateH[point - 1] > 0;
    if (direction === LEFT) return this.mateH[point] > 0;
    return direction === 1 ? this.mateV[point - this.nx] > 0 : this.mateV[point] > 0;
  }

  line(direction) {
    return direction % 2 ? this.lineV : this.lineH;
  }

  direction(from, to) {
    const step = to - from;
    if (step === 1) return RIGHT;
    if (step === -1) return LEFT;
    return step > 0 ? 1 : 3;
  }

  /** Going through a point that others may pass or turn at. */
  through(point, from, to) {
    if (from === to) return CROSSING * (from % 2 ? this.passH : this.passV)[point] + CORNER * this.corner[point];
    return BEND + CORNER * this.touch[point];
  }
}

class Heap {
  constructor() {
    this.keys = [];
    this.values = [];
  }

  clear() {
    this.keys.length = 0;
    this.values.length = 0;
  }

  push(key, value) {
    const { keys, values } = this;
    let at = keys.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (keys[parent] <= key) break;
      keys[at] = keys[parent];
      values[at] = values[parent];
      at = parent;
    }
    keys[at] = key;
    values[at] = value;
  }

  pop() {
    const { keys, values } = this;
    const top = values[0];
    const key = keys.pop();
    const value = values.pop();
    const size = keys.length;
    if (!size) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && keys[child + 1] < keys[child]) child++;
      if (keys[child] >= key) break;
      keys[at] = keys[child];
      values[at] = values[child];
      at = child;
    }
    keys[at] = key;
    values[at] = value;
    return top;
  }
}

/** Reusable memory of a search; a stamp tells which entries are of this one. */
export class Search {
  constructor(grid, usage) {
    Object.assign(this, { grid, usage });
    this.cost = new Float64Array(grid.size * 4);
    this.parent = new Int32Array(grid.size * 4);
    this.stamp = new Int32Array(grid.size * 4);
    this.run = 0;
    this.heap = new Heap();
  }

  /** The cheapest path between any of the ports: {out, in, points} from border to border, null if there is none. */
  find(outs, ins) {
    this.run++;
    this.heap.clear();
    this.aim = this.aimOf(ins);
    const goals = new Map();
    for (const port of ins) {
      const point = port.stub.points.at(-1);
      goals.set(point, [...(goals.get(point) ?? []), { port, rest: port.cost + this.stubCost(port) }]);
    }
    const started = new Map();
    for (const port of outs) {
      const state = port.stub.points.at(-1) * 4 + port.side;
      const cost = port.cost + this.stubCost(port);
      if (this.reach(state, cost, -1)) started.set(state, port);
    }
    const best = this.explore(goals);
    return best && this.trace(best, started);
  }

  explore(goals) {
    const { heap, usage } = this;
    let best = null;
    while (heap.keys.length) {
      const bound = heap.keys[0];
      if (best && bound >= best.cost) break;
      const state = heap.pop();
      const cost = this.cost[state];
      const point = state >> 2;
      const side = state & 3;
      if (bound > cost + this.guess(point) + 1e-9) continue;
      for (const goal of goals.get(point) ?? NONE) {
        const inward = (goal.port.side + 2) % 4;
        if ((inward + 2) % 4 === side) continue;
        const leaving = !goal.port.shared && usage.cameWithMate(point, side) ? LEAVING_TRUNK : 0;
        const total = cost + goal.rest + leaving + usage.through(point, side, inward);
        if (!best || total < best.cost) best = { cost: total, state, port: goal.port };
      }
      this.expand(state, point, side, cost);
    }
    return best;
  }

  expand(state, point, side, cost) {
    const { grid, usage } = this;
    const { nx, xs, ys } = grid;
    const column = point % nx;
    const row = (point - column) / nx;
    const withMate = usage.cameWithMate(point, side);
    for (let next = 0; next < 4; next++) {
      if (next === (side + 2) % 4) continue;
      const level = next === RIGHT || next === LEFT;
      const ahead = next < 2;
      if (level ? (ahead ? column + 1 >= nx : !column) : ahead ? row + 1 >= ys.length : !row) continue;
      const other = point + (ahead ? 1 : -1) * (level ? 1 : nx);
      const edge = ahead ? point : other;
      if (level ? grid.blockH[edge] : grid.blockV[edge]) continue;
      const length = level ? Math.abs(xs[column] - xs[column + (ahead ? 1 : -1)]) : Math.abs(ys[row] - ys[row + (ahead ? 1 : -1)]);
      const mates = level ? usage.mateH : usage.mateV;
      const leaving = withMate && !mates[edge] ? LEAVING_TRUNK : 0;
      const extra = level
        ? grid.extraH[edge] + SAME_LINE * usage.lineH[edge]
        : grid.extraV[edge] + SAME_LINE * usage.lineV[edge];
      this.reach(other * 4 + next, cost + length + extra + leaving + usage.through(point, side, next), state);
    }
  }

  reach(state, cost, parent) {
    if (this.stamp[state] === this.run && this.cost[state] <= cost) return false;
    this.stamp[state] = this.run;
    this.cost[state] = cost;
    this.parent[state] = parent;
    this.heap.push(cost + this.guess(state >> 2), state);
    return true;
  }

  /** Lines that others use along a stub, and names on it. */
  stubCost({ side, stub }) {
    const { grid, usage } = this;
    const [line, extra] = side % 2 ? [usage.lineV, grid.extraV] : [usage.lineH, grid.extraH];
    let cost = 0;
    for (let k = 0; k + 1 < stub.points.length; k++) {
      const edge = Math.min(stub.points[k], stub.points[k + 1]);
      cost += SAME_LINE * line[edge] + extra[edge] + usage.through(stub.points[k], side, side);
    }
    return cost;
  }

  aimOf(ins) {
    const { nx, xs, ys } = this.grid;
    const ends = ins.map((port) => port.stub.points.at(-1));
    const places = { x: ends.map((end) => xs[end % nx]), y: ends.map((end) => ys[Math.floor(end / nx)]) };
    const span = (list) => [Math.min(...list), Math.max(...list)];
    return [...span(places.x), ...span(places.y)];
  }

  /** Never more than the true rest: the distance to the box around all goals, and a bend if it lies askew. */
  guess(point) {
    const [x1, x2, y1, y2] = this.aim;
    const { nx, xs, ys } = this.grid;
    const x = xs[point % nx];
    const y = ys[Math.floor(point / nx)];
    const dx = x < x1 ? x1 - x : x > x2 ? x - x2 : 0;
    const dy = y < y1 ? y1 - y : y > y2 ? y - y2 : 0;
    return dx + dy + (dx && dy ? BEND : 0);
  }

  span(out, into) {
    const [x, y] = [out.node.cx + out.ox - into.node.cx - into.ox, out.node.cy + out.oy - into.node.cy - into.oy];
    return Math.abs(x) + Math.abs(y);
  }

  /** The path back to its start; `straight` if no other could be cheaper. */
  trace(best, started) {
    const states = [];
    for (let state = best.state; state >= 0; state = this.parent[state]) states.push(state);
    const out = started.get(states.at(-1));
    const middle = states.reverse().map((state) => state >> 2);
    const points = [...out.stub.points.slice(0, -1), ...middle, ...best.port.stub.points.slice(0, -1).reverse()];
    const steps = points.slice(1).map((point, k) => point - points[k]);
    const straight = steps.every((step) => step === steps[0]) && best.cost < this.span(out, best.port) + 1;
    return { out, in: best.port, points, straight };
  }
}
