/** Where a flow may leave or reach a shape, and what that costs; the stub from the border to the grid. */

import { CLEAR, hasSides, SIDE } from "./grid.mjs";

export const RIGHT = 0;
export const DOWN = 1;
export const LEFT = 2;
export const UP = 3;
const WRONG_SIDE = 120;
const SAME_WAY = { in: 16, out: 25 };
const SAME_NAMED = 130; // two answers on one line: nobody knows which is which
const OTHER_WAY = 400;
const OFF_CENTRE = 8; // on top of the way that it saves

/** Cost of leaving or reaching a shape by its top or bottom. */
function upright(node, way, { back, from }) {
  if (node.kind === "gateway") return 4;
  return way === "in" && (back || from) ? 6 : 22;
}

/** Ports of a shape: {side, ox, oy, cost, key}; ox, oy from its centre; way "out" or "in". */
function portsOf(node, way, flow) {
  const { back } = flow;
  const [halfX, halfY] = [node.width / 2, node.height / 2];
  if (node.kind === "boundary") return [port(node, DOWN, 0, halfY, 0)];
  const wrong = way === "out" ? LEFT : RIGHT;
  const level = (side) => (side === wrong ? WRONG_SIDE : back && way === "in" ? 25 : 0);
  const found = [
    port(node, RIGHT, halfX, 0, level(RIGHT)),
    port(node, LEFT, -halfX, 0, level(LEFT)),
    port(node, DOWN, 0, halfY, upright(node, way, flow)),
    port(node, UP, 0, -halfY, upright(node, way, flow)),
  ];
  if (!hasSides(node)) return found;
  for (const off of [-1, 1]) {
    found.push(port(node, RIGHT, halfX, off * SIDE.y, level(RIGHT) + OFF_CENTRE + SIDE.y));
    found.push(port(node, LEFT, -halfX, off * SIDE.y, level(LEFT) + OFF_CENTRE + SIDE.y));
    found.push(port(node, DOWN, off * SIDE.x, halfY, upright(node, way, flow) + OFF_CENTRE + SIDE.x));
    found.push(port(node, UP, off * SIDE.x, -halfY, upright(node, way, flow) + OFF_CENTRE + SIDE.x));
  }
  return found;
}

function port(node, side, ox, oy, cost) {
  return { node, side, ox, oy, cost, key: `${node.id} ${side} ${ox} ${oy}` };
}

/** Ports that can be reached from the grid now, each with its stub and with what sharing it costs. */
export function openPorts(grid, flow, way, used) {
  const node = way === "in" ? flow.target : (flow.from ?? flow.source);
  const same = way === "out" && flow.name ? SAME_NAMED : SAME_WAY[way];
  const found = [];
  for (const one of portsOf(node, way, flow)) {
    const stub = stubOf(grid, one);
    if (!stub) continue;
    const uses = used.get(one.key) ?? { in: 0, out: 0 };
    const other = way === "in" ? uses.out : uses.in;
    found.push({ ...one, stub, shared: uses[way] > 0, cost: one.cost + same * uses[way] + OTHER_WAY * other + stub.length });
  }
  return found;
}

/** The grid points from the border outwards, up to the first that is clear of the shape; null if something is near. */
function stubOf(grid, { node, side, ox, oy }) {
  const level = side === RIGHT || side === LEFT;
  const x = node.cx + ox;
  const y = node.cy + oy;
  const line = level ? grid.yIndex.get(y) : grid.xIndex.get(x);
  if (line === undefined) return null;
  const ahead = side === RIGHT || side === DOWN;
  const places = level ? grid.xs : grid.ys;
  const border = level ? x : y;
  const points = [];
  let index = ahead ? places.findIndex((at) => at > border) : places.findLastIndex((at) => at < border);
  for (; index >= 0 && index < places.length; index += ahead ? 1 : -1) {
    points.push(level ? line * grid.nx + index : index * grid.nx + line);
    if (Math.abs(places[index] - border) >= CLEAR) break;
  }
  if (index < 0 || index >= places.length) return null;
  const end = places[index];
  const [from, to] = border < end ? [border, end] : [end, border];
  const segment = level ? { x1: from, y1: y, x2: to, y2: y } : { x1: x, y1: from, x2: x, y2: to };
  const own = node.host ?? node;
  if (grid.obstacles.some(({ owner, rect }) => owner !== node && owner !== own && touches(segment, rect))) return null;
  return { points, length: to - from };
}

export function touches(a, b) {
  return a.x1 < b.x2 && a.x2 > b.x1 && a.y1 < b.y2 && a.y2 > b.y1;
}

/** The port's place, also after nodes and lines have moved. */
export function portPoint({ node, ox, oy }) {
  return [node.cx + ox, node.cy + oy];
}
