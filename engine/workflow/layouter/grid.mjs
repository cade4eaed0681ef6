/**
 * The grid that flows are routed on. Each axis is a list of bands: fixed ones (a column, a row) whose lines keep their
 * offset from the band's centre, and channels between them with tracks. Squeezing gives channels a new size and their
 * tracks new places; the map from old to new coordinates is monotone, so a routed drawing stays as it was.
 */

import { extentsOf } from "./prepare.mjs";
import { HEADER, textWidth, wrap, WRAP } from "./sizes.mjs";

export const CLEAR = 8; // shapes are closed to flows this far around
const PITCH = 10;
const TRACKS = { x: 8, y: 7, lane: 5 };
const SIDE_X = 30; // ports beside the middle, on top and bottom
const SIDE_Y = 20; // on left and right
export const SIDE = { x: SIDE_X, y: SIDE_Y };

const fixed = (before, after, offsets) => ({ kind: "fixed", before, after, offsets: dedupe(offsets) });
const channel = (tracks, more) => {
  const places = Array.from({ length: tracks }, (_, index) => (index + 1) * PITCH + 4);
  return { kind: "channel", size: (tracks + 1) * PITCH + 8, places, ...more };
};

/** Sorted; what stands closer than 10 px to a line named earlier is left out, unless it was demanded. */
function dedupe(offsets) {
  const kept = [];
  for (const { at, must } of offsets)
    if (!kept.includes(at) && (must || kept.every((other) => Math.abs(other - at) >= 10))) kept.push(at);
  return kept.sort((a, b) => a - b);
}

/** Set start, end, centre of each band. Returns the end of the last. */
export function placeBands(bands, start) {
  let at = start;
  for (const band of bands) {
    band.start = at;
    if (band.kind === "fixed") band.centre = at + band.before;
    at += band.kind === "fixed" ? band.before + band.after : band.size;
    band.end = at;
  }
  return at;
}

function linesOf(bands) {
  return bands.flatMap((band) =>
    band.kind === "fixed"
      ? band.offsets.map((offset) => ({ band, offset }))
      : band.places.map((_, track) => ({ band, track })),
  );
}

export function lineAt({ band, offset, track }) {
  return band.kind === "fixed" ? band.centre + offset : band.start + band.places[track];
}

/** Columns with a channel before, between and after them. */
function columnBands({ nodes }) {
  const count = 1 + Math.max(0, ...nodes.map((node) => node.column));
  const bands = [channel(TRACKS.x, { gap: 0 })];
  for (let column = 0; column < count; column++) {
    const members = nodes.filter((node) => node.column === column);
    const half = Math.max(...members.map((node) => node.width)) / 2;
    const offsets = [{ at: 0, must: true }];
    for (const node of members)
      for (const boundary of node.boundaries) offsets.push({ at: boundary.dx, must: true });
    if (members.some(hasSides)) offsets.push({ at: -SIDE_X }, { at: SIDE_X });
    bands.push(fixed(half, half, offsets), channel(TRACKS.x, { gap: column + 1 }));
  }
  return bands;
}

export function hasSides(node) {
  return node.kind === "task" || node.kind === "subprocess";
}

/** Per lane: margin, rows with gaps between them, margin. Sets `lane.bands`. */
function rowBands({ nodes, lanes }) {
  const bands = [];
  lanes.forEach((lane, index) => {
    const members = nodes.filter((node) => node.lane === index);
    const rows = Math.max(0, ...members.map((node) => node.row + 1));
    const least = lane.id === null ? 0 : Math.max(100, textWidth(lane.name, 12) + 24);
    const own = [channel(TRACKS.lane, { margin: true })];
    for (let row = 0; row < rows; row++) {
      const extents = members.filter((node) => node.row === row).map(extentsOf);
      const above = Math.max(...extents.map((one) => one.above));
      const below = Math.max(...extents.map((one) => one.below));
      if (row) own.push(channel(TRACKS.y, {}));
      own.push(fixed(above, below, [{ at: 0, must: true }, { at: -SIDE_Y }, { at: SIDE_Y }]));
    }
    if (rows) own.push(channel(TRACKS.lane, { margin: true }));
    lane.bands = { first: own[0], last: own.at(-1), least, rows: own.filter((band) => band.kind === "fixed") };
    bands.push(...own);
  });
  return bands;
}

/**
 * Build the grid of a graph whose columns and rows are set; places the nodes.
 *
 * Point index = row of grid × nx + column of grid; edge index = that of its left or upper point.
 */
export function buildGrid(graph, labelPrice) {
  const xBands = columnBands(graph);
  const yBands = rowBands(graph);
  const grid = { graph, xBands, yBands, xLines: linesOf(xBands), yLines: linesOf(yBands) };
  placeBands(xBands, graph.lanes[0].id === null ? 0 : HEADER);
  placeBands(yBands, 0);
  placeNodes(grid);
  grid.xs = grid.xLines.map(lineAt);
  grid.ys = grid.yLines.map(lineAt);
  grid.xIndex = new Map(grid.xs.map((at, index) => [at, index]));
  grid.yIndex = new Map(grid.ys.map((at, index) => [at, index]));
  grid.nx = grid.xs.length;
  const size = grid.nx * grid.ys.length;
  Object.assign(grid, { size, extraH: new Int32Array(size), extraV: new Int32Array(size) });
  Object.assign(grid, { blockH: new Uint8Array(size), blockV: new Uint8Array(size) });
  grid.obstacles = obstaclesOf(graph);
  for (const { rect } of grid.obstacles) eachEdge(grid, rect, (edges, edge) => (grid[`block${edges}`][edge] = 1));
  for (const rect of defaultLabels(graph))
    eachEdge(grid, rect, (edges, edge) => (grid[`extra${edges}`][edge] += labelPrice));
  return grid;
}

/** Centre every node in its column and on its row's line; what hangs on it follows. */
export function placeNodes({ graph, xBands }) {
  const columns = xBands.filter((band) => band.kind === "fixed");
  for (const node of graph.nodes) {
    node.cx = columns[node.column].centre;
    node.cy = graph.lanes[node.lane].bands.rows[node.row].centre;
    for (const boundary of node.boundaries)
      for (const part of [boundary, boundary.end])
        if (part) Object.assign(part, { cx: node.cx + part.dx, cy: node.cy + part.dy });
  }
}

export function rectOf({ cx, cy, width, height }, grow = 0) {
  return { x1: cx - width / 2 - grow, y1: cy - height / 2 - grow, x2: cx + width / 2 + grow, y2: cy + height / 2 + grow };
}

function obstaclesOf({ nodes }) {
  const found = [];
  for (const node of nodes) {
    found.push({ owner: node, rect: rectOf(node, CLEAR) });
    for (const boundary of node.boundaries) {
      const rect = rectOf(boundary, CLEAR);
      if (boundary.end) rect.y2 = rectOf(boundary.end, CLEAR).y2;
      found.push({ owner: boundary, rect });
    }
  }
  return found;
}

/** Where names will most likely stand: routes avoid these places while that is cheap. */
function defaultLabels({ nodes }) {
  const found = [];
  const add = (x, y, { width, height }) => found.push({ x1: x, y1: y, x2: x + width, y2: y + height });
  for (const node of nodes) {
    const { name, kind, cx, cy } = node;
    const text = name && !hasSides(node) && wrap(name, WRAP[kind]);
    if (text && kind === "gateway") add(cx - text.width / 2, cy - node.height / 2 - 4 - text.height, text);
    if (text && kind !== "gateway") add(cx - text.width / 2, cy + node.height / 2 + 4, text);
    for (const part of node.boundaries.flatMap((boundary) => [boundary, boundary.end])) {
      const beside = part?.name && wrap(part.name, part.wrap);
      if (!beside) continue;
      const top = part.kind === "boundary" ? node.cy + node.height / 2 + 3 : part.cy - beside.height / 2;
      add(part.cx - part.width / 2 - 3 - beside.width, top, beside);
    }
  }
  return found;
}

/** Call back with "H" or "V" and the index of every grid edge that touches the open rectangle. */
function eachEdge({ xs, ys, nx }, rect, use) {
  const [left, right] = inside(xs, rect.x1, rect.x2);
  const [top, bottom] = inside(ys, rect.y1, rect.y2);
  for (let j = top; j < bottom; j++)
    for (let i = Math.max(0, left - 1); i < nx - 1 && xs[i] < rect.x2; i++)
      if (xs[i + 1] > rect.x1) use("H", j * nx + i);
  for (let i = left; i < right; i++)
    for (let j = Math.max(0, top - 1); j < ys.length - 1 && ys[j] < rect.y2; j++)
      if (ys[j + 1] > rect.y1) use("V", j * nx + i);
}

/** First index of the places strictly between two values, and the index behind the last. */
function inside(places, from, to) {
  let first = 0;
  while (first < places.length && places[first] <= from) first++;
  let end = first;
  while (end < places.length && places[end] < to) end++;
  return [first, end];
}
