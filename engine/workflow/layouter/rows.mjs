/** The row of every node inside its lane: hill climbing over a cost that guesses at the routes. */

const PASSES = 12;
const PER_ROW = 2.2;
const DISTANCE = { inside: 1.2, across: 0.8, back: 0.6 };
const BENT = 1;
const BACK = 0.5;
const HIT = 3;
const CROSSING = 1.2;
const TIMER_NOT_BELOW = 8;

/**
 * Find good assignments of rows; no two nodes of a lane share column and row, and no row is empty.
 *
 * Returns up to `most` different ones, each an array of rows by node index: hill climbing from the natural start first,
 * then from shuffled ones. The guess at routes is rough, so the caller compares what comes out.
 */
export function rowTries(graph, most) {
  const rows = new Rows(graph);
  const found = new Map();
  for (let seed = 0; seed < 2 * most; seed++) {
    rows.start(seed);
    for (let pass = 0; pass < PASSES && rows.improve(); pass++);
    const key = graph.nodes.map((node) => node.row).join();
    if (!found.has(key)) found.set(key, { total: rows.total, rows: graph.nodes.map((node) => node.row) });
    if (graph.nodes.length < 4) break;
  }
  const byCost = [...found.values()].sort((a, b) => a.total - b.total);
  return byCost.slice(0, most).map((one) => one.rows);
}

/** Up to `most` assignments that differ from `rows` by two neighbours in a column, or two rows of a lane, swapped. */
export function swapTries({ nodes }, rows, most) {
  const found = new Map();
  const add = (changed) => found.set(changed.join(), changed);
  for (const a of nodes)
    for (const b of nodes) {
      const [upper, lower] = [rows[a.index], rows[b.index]];
      if (a.lane !== b.lane || lower !== upper + 1) continue;
      if (a.column === b.column)
        add(rows.map((row, index) => (index === a.index ? lower : index === b.index ? upper : row)));
      const inLane = (index) => nodes[index].lane === a.lane;
      add(rows.map((row, index) => (!inLane(index) ? row : row === upper ? lower : row === lower ? upper : row)));
    }
  return [...found.values()].slice(0, most);
}

class Rows {
  constructor({ nodes, flows, lanes }) {
    Object.assign(this, { nodes, flows, lanes });
    this.columns = 1 + Math.max(0, ...nodes.map((node) => node.column));
    this.outgoing = nodes.map((node) => flows.filter((flow) => flow.source === node && !flow.back));
    this.routes = flows.map(() => ({ x: 0, y1: 0, y2: 0, ax: 0, bx: 0 }));
    this.base = new Array(lanes.length).fill(0);
  }

  /** In the row of the predecessor where that is free, else in the first free row; seeds above 0 shuffle. */
  start(seed) {
    const byColumn = [...this.nodes].sort((a, b) => a.column - b.column || a.index - b.index);
    const placed = [];
    let random = seed * 7919;
    for (const node of byColumn) {
      random = (random * 1103515245 + 12345) % 2147483648;
      const taken = new Set(placed.filter((o) => o.lane === node.lane && o.column === node.column).map((o) => o.row));
      const before = this.flows.find((flow) => flow.target === node && !flow.back && !flow.from);
      let row = before && before.source.lane === node.lane ? before.source.row : 0;
      if (seed) row = (random >> 8) % 3;
      if (taken.has(row)) for (row = 0; taken.has(row); row++);
      node.row = row;
      placed.push(node);
    }
    this.close();
    this.total = this.cost();
  }

  improve() {
    const before = this.total;
    for (const node of this.nodes) {
      const count = this.count(node.lane);
      for (let row = 0; row <= count; row++) {
        this.try(() => this.move([node], row));
        this.try(() => this.move(this.straight(node), row));
        this.try(() => this.swap(node, row));
        this.try(() => this.insert(node, row));
      }
    }
    for (let lane = 0; lane < this.lanes.length; lane++)
      for (let a = 0; a < this.count(lane); a++)
        for (let b = a + 1; b < this.count(lane); b++) this.try(() => this.swapRows(lane, a, b));
    return this.total < before - 1e-9;
  }

  /** Keep what `change` does only if it is cheaper; it returns false where it can't be done. */
  try(change) {
    const old = this.nodes.map((node) => node.row);
    if (change() !== false) {
      this.close();
      const cost = this.cost();
      if (cost < this.total - 1e-9) {
        this.total = cost;
        return;
      }
    }
    this.nodes.forEach((node, index) => (node.row = old[index]));
  }

  at(lane, column, row) {
    return this.nodes.find((node) => node.lane === lane && node.column === column && node.row === row);
  }

  move(chain, row) {
    for (const node of chain) {
      const other = this.at(node.lane, node.column, row);
      if (other && !chain.includes(other)) return false;
    }
    if (chain[0].row === row) return false;
    for (const node of chain) node.row = row;
  }

  /** The node and what follows it in its row, as long as each has one successor. */
  straight(node) {
    const chain = [node];
    for (let last = node; this.outgoing[last.index].length === 1; ) {
      const next = this.outgoing[last.index][0].target;
      if (next.lane !== node.lane || next.row !== node.row || chain.includes(next)) break;
      chain.push(next);
      last = next;
    }
    return chain;
  }

  swap(node, row) {
    const other = this.at(node.lane, node.column, row);
    if (!other || other === node) return false;
    [node.row, other.row] = [other.row, node.row];
  }

  /** Open a new row above `row` for the node and its straight continuation. */
  insert(node, row) {
    const chain = this.straight(node);
    for (const other of this.nodes) if (other.lane === node.lane && other.row >= row) other.row++;
    for (const member of chain) member.row = row;
  }

  swapRows(lane, a, b) {
    for (const node of this.nodes) {
      if (node.lane !== lane) continue;
      if (node.row === a) node.row = b;
      else if (node.row === b) node.row = a;
    }
  }

  count(lane) {
    let count = 0;
    for (const node of this.nodes) if (node.lane === lane) count = Math.max(count, node.row + 1);
    return count;
  }

  /** Delete empty rows. */
  close() {
    for (let lane = 0; lane < this.lanes.length; lane++) {
      const used = new Set();
      for (const node of this.nodes) if (node.lane === lane) used.add(node.row);
      const order = [...used].sort((a, b) => a - b);
      for (const node of this.nodes) if (node.lane === lane) node.row = order.indexOf(node.row);
    }
  }

  cost() {
    let rows = 0;
    for (let lane = 0; lane < this.lanes.length; lane++) {
      this.base[lane] = rows;
      rows += Math.max(1, this.count(lane));
    }
    const taken = new Int16Array(rows * this.columns).fill(-1);
    for (const node of this.nodes) {
      node.y = this.base[node.lane] + node.row;
      taken[node.y * this.columns + node.column] = node.index;
    }
    let total = PER_ROW * rows;
    this.flows.forEach((flow, index) => (total += this.flowCost(flow, this.routes[index], taken)));
    return total + CROSSING * this.crossings();
  }

  flowCost(flow, route, taken) {
    const { source, target } = flow;
    const distance = Math.abs(source.y - target.y);
    route.ignore = flow.back;
    if (flow.back) return DISTANCE.back * distance + BACK;
    let cost = distance * (source.lane === target.lane ? DISTANCE.inside : DISTANCE.across);
    if (distance || flow.from) cost += BENT;
    if (flow.from && source.lane === target.lane && target.y <= source.y) cost += TIMER_NOT_BELOW;
    const middle = source.column + (flow.from ? (0.3 * flow.from.dx) / source.width : 0);
    const first = source.kind === "gateway" || flow.from ? middle : source.column + 0.5;
    const late = this.hits(flow, target.column - 0.5, taken);
    const early = distance ? this.hits(flow, first, taken) : late;
    Object.assign(route, { y1: source.y, y2: target.y, ax: middle, bx: target.column });
    route.x = early <= late && distance ? first : target.column - 0.5;
    return cost + HIT * Math.min(early, late);
  }

  /** Nodes on the route: along the source's row to x, up or down, along the target's row. */
  hits({ source, target }, x, taken) {
    let count = 0;
    const foreign = (column, row) => {
      const index = taken[row * this.columns + column];
      return index >= 0 && index !== source.index && index !== target.index ? 1 : 0;
    };
    for (let column = source.column + 1; column < x; column++) count += foreign(column, source.y);
    for (let column = Math.ceil(x + 0.4); column < target.column; column++) count += foreign(column, target.y);
    const upright = Math.round(x);
    if (Math.abs(x - upright) < 0.4) {
      const [top, bottom] = source.y < target.y ? [source.y, target.y] : [target.y, source.y];
      for (let row = top; row <= bottom; row++) count += foreign(upright, row);
    }
    return count;
  }

  crossings() {
    let count = 0;
    const { flows, routes } = this;
    for (let i = 0; i < flows.length; i++) {
      if (routes[i].ignore || routes[i].y1 === routes[i].y2) continue;
      for (let j = 0; j < flows.length; j++) {
        if (i === j || routes[j].ignore) continue;
        if (related(flows[i], flows[j])) continue;
        count += crosses(routes[i], routes[j]);
      }
    }
    return count;
  }
}

function related(a, b) {
  return (a.source === b.source && a.from === b.from) || a.target === b.target;
}

/** How often the upright part of a crosses the level parts of b. */
function crosses(a, b) {
  const top = Math.min(a.y1, a.y2);
  const bottom = Math.max(a.y1, a.y2);
  let count = 0;
  if (b.y1 > top && b.y1 < bottom && a.x > b.ax && a.x < b.x) count++;
  if (b.y2 > top && b.y2 < bottom && a.x > b.x && a.x < b.bx) count++;
  return count;
}
