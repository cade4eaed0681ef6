/** Places the names of events, gateways and flows, when everything else has its place. */

import { hasSides, rectOf } from "./grid.mjs";
import { touches } from "./ports.mjs";
import { wrap, WRAP } from "./sizes.mjs";

const COST = { flow: 30, shape: 40, label: 50, border: 20 };
const NEAR = 8; // another name close by: which belongs where?
const TRUNK = 45;
const SWEEPS = 3;

/**
 * Set `label` {x, y, width, height} of everything that has a name beside it.
 *
 * @param borders y of the lines between lanes
 * @returns the number of conflicts that remain
 */
export function placeLabels(graph, borders) {
  const shapes = graph.nodes.flatMap((node) => [node, ...node.boundaries.flatMap((b) => (b.end ? [b, b.end] : [b]))]);
  const scene = { graph, borders, rects: shapes.map((node) => rectOf(node)), segments: allSegments(graph) };
  const items = [];
  for (const node of shapes) if (node.name && !hasSides(node)) items.push({ of: node, places: placesOfNode(node) });
  for (const flow of graph.flows) if (flow.name) items.push({ of: flow, places: placesOfFlow(flow, graph.flows) });
  for (const item of items) item.chosen = null;
  for (let sweep = 0; sweep < SWEEPS; sweep++) for (const item of items) choose(item, items, scene);
  for (const item of items) {
    const { x1, y1, x2, y2 } = item.chosen;
    item.of.label = { x: x1, y: y1, width: x2 - x1, height: y2 - y1 };
  }
  return items.reduce((sum, item) => sum + conflicts(item.chosen, item, items, scene).count, 0);
}

function choose(item, items, scene) {
  let best = Infinity;
  for (const place of item.places) {
    const cost = place.cost + conflicts(place, item, items, scene).cost;
    if (cost < best - 1e-9) {
      best = cost;
      item.chosen = place;
    }
  }
}

function conflicts(place, item, items, { rects, segments, borders }) {
  const found = { flow: 0, shape: 0, label: 0, border: 0 };
  const wide = { x1: place.x1 - 1, y1: place.y1 - 1, x2: place.x2 + 1, y2: place.y2 + 1 };
  for (const segment of segments) if (touches(segment, wide)) found.flow++;
  for (const rect of rects) if (touches(rect, wide)) found.shape++;
  for (const other of items) if (other !== item && other.chosen && touches(other.chosen, wide)) found.label++;
  const around = { x1: place.x1 - 6, y1: place.y1 - 6, x2: place.x2 + 6, y2: place.y2 + 6 };
  const near = items.filter((other) => other !== item && other.chosen && touches(other.chosen, around)).length;
  for (const y of borders) if (place.y1 < y && y < place.y2) found.border++;
  const kinds = Object.keys(found);
  return {
    count: kinds.reduce((sum, kind) => sum + found[kind], 0),
    cost: kinds.reduce((sum, kind) => sum + COST[kind] * found[kind], NEAR * near),
  };
}

/** The straight pieces of a flow as rectangles without width or height. */
export function segmentsOf({ points }) {
  return points.slice(1).map((point, k) => segment(points[k], point));
}

function allSegments({ flows, nodes }) {
  const found = flows.flatMap(segmentsOf);
  for (const node of nodes)
    for (const { end, cx, cy, height } of node.boundaries)
      if (end) found.push(segment([cx, cy + height / 2], [cx, end.cy - end.height / 2]));
  return found;
}

function segment([ax, ay], [bx, by]) {
  return { x1: Math.min(ax, bx), y1: Math.min(ay, by), x2: Math.max(ax, bx), y2: Math.max(ay, by) };
}

const box = (x, y, { width, height }, cost) => {
  const [x1, y1] = [Math.round(x), Math.round(y)];
  return { x1, y1, x2: x1 + width, y2: y1 + height, cost };
};

/** Candidate places beside a shape, the dearest last. */
function placesOfNode(node) {
  if (node.kind === "boundary" || node.hangs) return besideBoundary(node);
  const text = wrap(node.name, WRAP[node.kind]);
  const { x1, y1, x2, y2 } = rectOf(node);
  const { width, height } = text;
  const centre = node.cx - width / 2;
  const middle = node.cy - height / 2;
  if (node.kind !== "gateway")
    return [
      box(centre, y2 + 4, text, 0),
      box(centre, y1 - 4 - height, text, 4),
      box(x2 + 5, middle, text, 9),
      box(x1 - 5 - width, middle, text, 10),
      box(x2 - 4, y2 + 2, text, 12),
      box(x1 + 4 - width, y2 + 2, text, 13),
    ];
  const quarter = node.width / 4;
  return [
    box(centre, y1 - 4 - height, text, 0),
    box(node.cx + quarter - 4, node.cy - quarter - height - 1, text, 4),
    box(node.cx - quarter + 4 - width, node.cy - quarter - height - 1, text, 5),
    box(node.cx + quarter - 4, node.cy + quarter + 1, text, 7),
    box(node.cx - quarter + 4 - width, node.cy + quarter + 1, text, 8),
    box(centre, y2 + 4, text, 6),
    box(node.cx + 5, y1 - 4 - height, text, 9),
    box(node.cx - 5 - width, y1 - 4 - height, text, 10),
    box(node.cx + 5, y2 + 4, text, 11),
    box(node.cx - 5 - width, y2 + 4, text, 12),
  ];
}

/** Just under the host's edge: left, else right; on one line, else on several. */
function besideBoundary(node) {
  const { x1, y1, x2, y2 } = rectOf(node);
  const found = [];
  for (const [limit, cost] of [[node.wrap, 0], [110, 3], [54, 4], [42, 6]]) {
    const text = wrap(node.name, limit);
    const top = node.kind === "boundary" ? node.cy + 3 : node.cy - text.height / 2;
    found.push(box(x1 - 3 - text.width, top, text, cost), box(x2 + 3, top, text, cost + 2));
    if (node.kind === "boundary") {
      found.push(box(x1 - text.width + 6, y2, text, cost + 8), box(x2 - 6, y2, text, cost + 9));
      if (node.dx > 40) continue; // what follows is for tasks: left of flows from the middle of the bottom
      found.push(box(node.host.cx - 36 - text.width, top, text, cost + 7));
      found.push(box(node.host.cx - 6 - text.width, top, text, cost + 6));
    } else found.push(box(node.cx - text.width / 2, y2 + 3, text, cost + 5));
  }
  return found;
}

/** Along the path, near its start first; dearer where siblings run on the same line. */
function placesOfFlow(flow, flows) {
  const siblings = flows.filter((other) => other !== flow && sharesEnd(other, flow));
  const found = [];
  const segments = flow.points.length - 1;
  for (let k = 0; k < segments; k++) {
    const [[ax, ay], [bx, by]] = [flow.points[k], flow.points[k + 1]];
    const level = ay === by;
    const length = Math.abs(level ? bx - ax : by - ay);
    for (const limit of [WRAP.flow, 60]) {
      const text = wrap(flow.name, limit);
      const need = level ? text.width : text.height;
      if (limit < WRAP.flow && text.lines.length === 1) continue;
      for (const part of [0, 0.25, 0.5, 1]) {
        const slack = Math.max(0, length - need - 20);
        const shift = (k ? 5 : level ? 14 : 10) + part * slack;
        const price = 14 * k + 8 * part + (limit < WRAP.flow ? 3 : 0) + (length < need ? 10 : 0);
        for (const place of besideSegment([ax, ay], [bx, by], shift, text))
          found.push({ ...place, cost: place.cost + price + trunkCost(place, siblings) });
      }
    }
  }
  return found;
}

function sharesEnd(a, b) {
  return (a.from ?? a.source) === (b.from ?? b.source) || a.target === b.target;
}

function besideSegment([ax, ay], [bx, by], shift, text) {
  if (ay === by) {
    const x = bx > ax ? ax + shift : ax - shift - text.width;
    return [box(x, ay - 3 - text.height, text, 0), box(x, ay + 3, text, 2)];
  }
  const y = by > ay ? ay + shift : ay - shift - text.height;
  return [box(ax + 5, y, text, 1), box(ax - 5 - text.width, y, text, 2)];
}

/** A name beside a line that is also a sibling's says nothing about which of the two it names. */
function trunkCost(place, siblings) {
  const near = { x1: place.x1 - 6, y1: place.y1 - 6, x2: place.x2 + 6, y2: place.y2 + 6 };
  const beside = siblings.some((sibling) => segmentsOf(sibling).some((one) => touches(one, near)));
  return beside ? TRUNK : 0;
}
