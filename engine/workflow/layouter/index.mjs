/**
 * Lays a BPMN process out in swim lanes: data in, data out. No dependency, no DOM, no node: the same file serves the
 * command at author time and 整理布局 (tidy) in the browser.
 */

import { buildGrid, rectOf } from "./grid.mjs";
import { placeLabels, segmentsOf } from "./labels.mjs";
import { order } from "./order.mjs";
import { prepare } from "./prepare.mjs";
import { routeFlows } from "./route.mjs";
import { rowTries, swapTries } from "./rows.mjs";
import { HEADER, textWidth } from "./sizes.mjs";
import { squeeze } from "./squeeze.mjs";

const LABEL_PRICES = [60, 30, 140, 250];
const MOST_TRIES = 6;
const EFFORT = 14000; // nodes × flows × tries: large diagrams get fewer, so that none takes long
const PRICE = { conflict: 90, crossing: 50, bend: 20, length: 0.03, height: 0.3, width: 0.3 };
const INNER_TOP = 24; // room for the name of an expanded sub-process
const INNER_BOTTOM = 22; // for its marker and for boundary events
const ORIGIN = { x: 160, y: 80 };

/**
 * Lay out one process.
 *
 * @param diagram {pool: {id, name} | null, lanes: [{id, name}], nodes: [node], flows: [{id, name, source, target}]}
 *   node: {id, kind, name, lane, host, nodes, flows}; kind is task, event, end, gateway, subprocess or boundary; host is
 *   what a boundary event is attached to; nodes and flows are the contents of an expanded sub-process.
 *   The order is that of the document and decides ties.
 * @returns {shapes: {id: {x, y, width, height, label?}}, flows: {id: {points: [[x, y], …], label?}}}
 */
export function layout({ pool, lanes, nodes, flows }) {
  const level = layoutLevel({ nodes, flows }, pool ? lanes : []);
  const drawn = { shapes: {}, flows: {} };
  const header = pool ? HEADER : 0;
  emit(level, ORIGIN.x + header, ORIGIN.y, drawn);
  if (!pool) return drawn;
  const height = Math.max(level.height, Math.ceil(textWidth(pool.name, 12)) + 24);
  drawn.shapes[pool.id] = { ...ORIGIN, width: level.width + header, height };
  for (const { id, top, bottom } of level.lanes) {
    if (id === null) continue;
    const end = id === lanes.at(-1).id ? height : bottom;
    drawn.shapes[id] = { x: ORIGIN.x + header, y: ORIGIN.y + top, width: level.width, height: end - top };
  }
  return drawn;
}

/** Lay out the contents of sub-processes first, then the level itself; keep the try with the fewest conflicts. */
function layoutLevel(level, lanes) {
  const inner = new Map();
  for (const node of level.nodes)
    if (node.kind === "subprocess" && node.nodes?.length) {
      const contents = layoutLevel(node, []);
      const height = even(contents.height + INNER_TOP + INNER_BOTTOM);
      inner.set(node.id, { width: even(Math.max(120, contents.width)), height, contents });
    }
  const graph = prepare(level, lanes, inner);
  order(graph);
  let best = null;
  const keep = (rows, price) => {
    graph.nodes.forEach((node, index) => (node.row = rows[index]));
    const found = { ...attempt(graph, price), rows };
    if (!best || found.price < best.price - 1e-9) best = found;
  };
  const tries = Math.max(1, Math.min(MOST_TRIES, Math.floor(EFFORT / (graph.nodes.length * graph.flows.length))));
  for (const rows of rowTries(graph, tries)) keep(rows, LABEL_PRICES[0]);
  for (const rows of swapTries(graph, best.rows, tries)) keep(rows, LABEL_PRICES[0]);
  for (const price of LABEL_PRICES.slice(1)) if (best.conflicts) keep(best.rows, price);
  return best;
}

const even = (size) => 2 * Math.ceil(size / 2); // so that centres lie on whole pixels

function attempt(graph, labelPrice) {
  const grid = buildGrid(graph, labelPrice);
  const paths = routeFlows(grid);
  const { width, height } = squeeze(grid, paths);
  const borders = graph.lanes.flatMap((lane) => [lane.bands.first.start, lane.bands.last.end]);
  const conflicts = placeLabels(graph, borders);
  const shapes = graph.nodes.flatMap((node) => [
    entry(node),
    ...node.boundaries.flatMap((boundary) => (boundary.end ? [entry(boundary), entry(boundary.end)] : [entry(boundary)])),
  ]);
  const flows = graph.flows.map(({ id, points, label }) => ({ id, points, label }));
  for (const { end, cx, cy } of graph.nodes.flatMap((node) => node.boundaries))
    if (end) flows.push({ id: end.flow, points: [[cx, cy + 18], [cx, end.cy - end.height / 2]] });
  const lanes = graph.lanes.map((lane) => ({ id: lane.id, top: lane.bands.first.start, bottom: lane.bands.last.end }));
  const price = PRICE.conflict * conflicts + PRICE.width * width + PRICE.height * height + priceOf(graph.flows);
  return { price, conflicts, width, height, shapes, flows, lanes };
}

/** What the reader pays for the lines: crossings, bends, length. */
function priceOf(flows) {
  const segments = flows.flatMap((flow) => segmentsOf(flow).map((segment) => ({ flow, ...segment })));
  let price = 0;
  for (const a of segments) {
    price += PRICE.bend + PRICE.length * (a.x2 - a.x1 + a.y2 - a.y1);
    if (a.y1 !== a.y2) continue;
    for (const b of segments)
      if (a.flow !== b.flow && b.x1 > a.x1 && b.x1 < a.x2 && a.y1 > b.y1 && a.y1 < b.y2) price += PRICE.crossing;
  }
  return price;
}

function entry(node) {
  const { x1, y1 } = rectOf(node);
  return { id: node.id, x: x1, y: y1, width: node.width, height: node.height, label: node.label, contents: node.contents };
}

/** Write the places of a level into `drawn`, moved by (dx, dy); contents of sub-processes too. */
function emit({ shapes, flows }, dx, dy, drawn) {
  const move = (box) => ({ ...box, x: box.x + dx, y: box.y + dy });
  for (const { id, contents, label, ...bounds } of shapes) {
    drawn.shapes[id] = move(bounds);
    if (label) drawn.shapes[id].label = move(label);
    if (contents) emit(contents, bounds.x + dx + (bounds.width - contents.width) / 2, bounds.y + dy + INNER_TOP, drawn);
  }
  for (const { id, points, label } of flows) {
    drawn.flows[id] = { points: points.map(([x, y]) => [x + dx, y + dy]) };
    if (label) drawn.flows[id].label = move(label);
  }
}
