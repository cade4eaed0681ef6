/** Takes the unused room out of a routed grid and gives the flows their final points. */

import { lineAt, placeBands, placeNodes } from "./grid.mjs";
import { portPoint } from "./ports.mjs";
import { HEADER, textWidth } from "./sizes.mjs";

const STEP = 12; // least distance between tracks
const WIDE_STEP = 20;

/**
 * Drop unused tracks, spread the others, set final places. Sets `flow.points` [[x, y], …] of every flow.
 *
 * Returns {width, height} of the level, lane headers included.
 */
export function squeeze(grid, paths) {
  const runs = [...paths].flatMap(([flow, path]) => runsOf(grid, flow, path));
  const upright = runs.filter((run) => run.upright);
  const tracksX = mergeTracks(upright, grid.xLines, grid.yLines);
  const tracksY = mergeTracks(runs.filter((run) => !run.upright), grid.yLines, grid.xLines);
  const texts = textsBeside(grid, paths, upright);
  for (const band of grid.xBands)
    if (band.kind === "channel") {
      const text = texts.get(band) ?? { room: 0, lead: 0 };
      const count = (tracksX.get(band) ?? []).length;
      const outer = band.gap === 0 || band === grid.xBands.at(-1);
      const least = Math.max(outer ? 28 : 44, text.room);
      spread(band, tracksX.get(band) ?? [], Math.max(least, STEP * count + 24, text.lead + STEP * count + 6), text.lead);
    }
  for (const band of grid.yBands)
    if (band.kind === "channel") {
      const tracks = tracksY.get(band) ?? [];
      const least = band.margin ? Math.max(16, STEP * tracks.length + 14) : Math.max(26, STEP * tracks.length + 16);
      spread(band, tracks, least, 0);
    }
  grid.graph.lanes.forEach((lane) => stretch(lane.bands, grid.yBands));
  const width = placeBands(grid.xBands, grid.graph.lanes[0].id === null ? 0 : HEADER);
  const height = placeBands(grid.yBands, 0);
  placeNodes(grid);
  for (const [flow, path] of paths) flow.points = pointsOf(grid, path);
  return { width, height };
}

/** The straight runs of a path: {flow, upright, line (index), from, to (indices of crossing lines)}. */
function runsOf({ nx }, flow, { points }) {
  const runs = [];
  for (let k = 0; k + 1 < points.length; k++) {
    const upright = Math.abs(points[k + 1] - points[k]) !== 1;
    const [x, y] = [points[k] % nx, Math.floor(points[k] / nx)];
    const [nextX, nextY] = [points[k + 1] % nx, Math.floor(points[k + 1] / nx)];
    const last = runs.at(-1);
    if (last && last.upright === upright) last.end = upright ? nextY : nextX;
    else runs.push({ flow, upright, line: upright ? x : y, start: upright ? y : x, end: upright ? nextY : nextX });
  }
  for (const run of runs) [run.from, run.to] = run.start < run.end ? [run.start, run.end] : [run.end, run.start];
  return runs;
}

/**
 * Group the used tracks of every channel: neighbours whose runs lie apart share one place.
 *
 * Apart means that the middle of a column or row lies between them. Returns band → [[track, …], …] in order.
 */
function mergeTracks(runs, lines, crossing) {
  const bands = new Map();
  for (const run of runs) {
    const { band, track } = lines[run.line];
    if (band.kind !== "channel") continue;
    if (!bands.has(band)) bands.set(band, new Map());
    const tracks = bands.get(band);
    tracks.set(track, [...(tracks.get(track) ?? []), run]);
  }
  const middles = crossing.flatMap(({ offset }, index) => (offset === 0 ? [index] : []));
  const apart = (a, b) => middles.some((at) => (a.to < at && at < b.from) || (b.to < at && at < a.from));
  const merged = new Map();
  for (const [band, tracks] of bands) {
    const groups = [];
    for (const track of [...tracks.keys()].sort((a, b) => a - b)) {
      const own = tracks.get(track);
      const last = groups.at(-1);
      if (last && last.runs.every((a) => own.every((b) => apart(a, b)))) {
        last.tracks.push(track);
        last.runs.push(...own);
      } else groups.push({ tracks: [track], runs: [...own] });
    }
    merged.set(band, groups.map((group) => group.tracks));
  }
  return merged;
}

/** Give the groups of tracks even places in a channel of this size, the first at `lead` or later. */
function spread(band, groups, size, lead) {
  band.size = Math.ceil(size);
  const step = Math.min(WIDE_STEP, Math.max(STEP, (size - 24) / Math.max(1, groups.length)));
  const span = step * Math.max(0, groups.length - 1);
  const first = Math.min(Math.max((size - span) / 2, lead), size - span - 10);
  groups.forEach((tracks, index) => {
    for (const track of tracks) band.places[track] = Math.round(first + step * index);
  });
}

/** Room for the names of flows that leave to the right: band → {room, lead}; lead where the flow turns in the band. */
function textsBeside({ graph, xBands, xLines }, paths, upright) {
  const found = new Map();
  for (const [flow, path] of paths) {
    if (!flow.name || path.out.side !== 0) continue;
    const column = xBands.filter((band) => band.kind === "fixed")[flow.source.column];
    const band = xBands[xBands.indexOf(column) + 1];
    const need = textWidth(flow.name) - (column.end - column.centre - flow.source.width / 2);
    const turns = upright.some((run) => run.flow === flow && xLines[run.line].band === band);
    const old = found.get(band) ?? { room: 0, lead: 0 };
    found.set(band, { room: Math.max(old.room, need + 28), lead: turns ? Math.max(old.lead, need + 18) : old.lead });
  }
  return graph.nodes.length ? found : new Map();
}

/** A lane is at least as high as its name is long; what is missing is added to both margins. */
function stretch({ first, last, least }, bands) {
  const own = bands.slice(bands.indexOf(first), bands.indexOf(last) + 1);
  const height = own.reduce((sum, band) => sum + (band.kind === "fixed" ? band.before + band.after : band.size), 0);
  const missing = Math.ceil(least - height);
  if (missing <= 0) return;
  const half = first === last ? 0 : Math.floor(missing / 2);
  first.places = first.places.map((place) => place + half);
  first.size += half;
  last.size += missing - half;
}

/** Waypoints: ports and corners. Points that fell together go first, else corners are lost. */
function pointsOf(grid, path) {
  const inner = path.points.map((point) => [
    lineAt(grid.xLines[point % grid.nx]),
    lineAt(grid.yLines[Math.floor(point / grid.nx)]),
  ]);
  const all = [portPoint(path.out), ...corners(path, grid.nx, inner), portPoint(path.in)];
  const apart = all.filter((point, index) => !index || point[0] !== all[index - 1][0] || point[1] !== all[index - 1][1]);
  return apart.filter((point, index) => {
    const [before, after] = [apart[index - 1], apart[index + 1]];
    if (!before || !after) return true;
    return !((before[0] === point[0] && point[0] === after[0]) || (before[1] === point[1] && point[1] === after[1]));
  });
}

/** Every point where the direction changes, counted from the ports: only these lie on tracks that are used. */
function corners({ points, out, in: into }, nx, places) {
  const steps = [1, nx, -1, -nx]; // right, down, left, up
  return places.filter((_, k) => {
    const before = k ? points[k] - points[k - 1] : steps[out.side];
    const after = k + 1 < points.length ? points[k + 1] - points[k] : -steps[into.side];
    return before !== after;
  });
}
