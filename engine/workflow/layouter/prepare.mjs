/** Data of one level (process or sub-process) → the graph that is laid out: what hangs on a node is taken aside. */

import { BREACH_END, BREACH_GAP, SLOT, sizeOf, wrap, WRAP } from "./sizes.mjs";

const EDGE = 30; // centre of the last boundary event from the host's right edge
const MARKER = 30; // from the host's middle: its marker and the line through it stay free

/**
 * Build the graph of a level.
 *
 * @param level {nodes: [{id, kind, name, lane, host, nodes, flows}], flows: [{id, name, source, target}]}
 * @param lanes [{id, name}]; an empty list means one band without a border
 * @param inner id → {width, height} of the sub-processes that are laid out already
 * @returns {nodes, flows, lanes}; a boundary event and an end event that hangs below it are not among the nodes
 */
export function prepare(level, lanes, inner) {
  const bands = lanes.length ? lanes.map((lane) => ({ ...lane })) : [{ id: null, name: "" }];
  const byId = new Map();
  const laneOf = new Map(bands.map((lane, index) => [lane.id, index]));
  const nodes = [];
  for (const given of level.nodes) {
    if (given.kind === "boundary") continue;
    const size = inner.get(given.id) ?? sizeOf(given.kind);
    const node = { ...given, ...size, lane: laneOf.get(given.lane) ?? 0, boundaries: [], row: 0, column: 0 };
    byId.set(node.id, node);
    nodes.push(node);
  }
  for (const given of level.nodes) {
    const host = given.kind === "boundary" && byId.get(given.host);
    if (!host) continue;
    const boundary = { ...given, ...sizeOf("boundary"), host, end: null };
    host.boundaries.push(boundary);
    byId.set(boundary.id, boundary);
  }
  const drawn = level.flows.filter((flow) => byId.has(flow.source) && byId.has(flow.target));
  const fixed = drawn.filter((flow) => isBreach(flow, drawn, byId));
  for (const flow of fixed) hangBelow(byId.get(flow.source), byId.get(flow.target), flow);
  for (const node of nodes) placeBoundaries(node);
  const placed = nodes.filter((node) => !node.hangs);
  placed.forEach((node, index) => (node.index = index));
  const flows = drawn.filter((flow) => !fixed.includes(flow)).map((flow) => connect(flow, byId));
  return { nodes: placed, flows, lanes: bands };
}

function connect(flow, byId) {
  const start = byId.get(flow.source);
  const from = start.kind === "boundary" ? start : null;
  return { ...flow, from, source: from ? from.host : start, target: byId.get(flow.target), back: false };
}

/** A boundary event whose only flow leads to an end event that nothing else reaches, in the same lane. */
function isBreach(flow, flows, byId) {
  const boundary = byId.get(flow.source);
  const end = byId.get(flow.target);
  if (boundary.kind !== "boundary" || end.kind !== "end" || end.lane !== boundary.host.lane || flow.name) return false;
  return (
    flows.filter((other) => other.source === flow.source).length === 1 &&
    flows.filter((other) => other.target === flow.target).length === 1
  );
}

function hangBelow(boundary, end, flow) {
  boundary.end = Object.assign(end, BREACH_END, { hangs: boundary, flow: flow.id });
}

/** One at the right edge; several with room for a name to the left of each, the host grows where need be. */
function placeBoundaries(host) {
  const count = host.boundaries.length;
  if (!count) return;
  const slot = count > 1 ? SLOT : 0;
  host.width = Math.max(host.width, slot * count);
  host.boundaries.forEach((boundary, index) => {
    boundary.dx = host.width / 2 - EDGE - slot * (count - 1 - index);
    if (Math.abs(boundary.dx) < MARKER) boundary.dx = MARKER;
    boundary.dy = host.height / 2;
    boundary.wrap = slot ? SLOT - EDGE - 10 : WRAP.boundary;
    if (!boundary.end) return;
    boundary.end.dx = boundary.dx;
    boundary.end.dy = boundary.dy + boundary.height / 2 + BREACH_GAP + boundary.end.height / 2;
    boundary.end.wrap = boundary.wrap;
  });
}

/** Room that a node needs above and below its centre line, names and boundary events included. */
export function extentsOf(node) {
  let above = node.height / 2;
  let below = node.height / 2;
  if (node.kind === "gateway" && node.name) above += 4 + wrap(node.name, WRAP.gateway).height;
  if ((node.kind === "event" || node.kind === "end") && node.name) below += 4 + wrap(node.name, WRAP.event).height;
  for (const boundary of node.boundaries) {
    const end = boundary.end;
    const names = boundary.name ? wrap(boundary.name, boundary.wrap).height : 0;
    const reach = end ? end.dy + end.height / 2 + 2 : node.height / 2 + Math.max(24, names + 4);
    below = Math.max(below, reach);
  }
  return { above, below };
}
