// The difference of two versions on their diagram. <script type="application/json" id="compare"> holds
//   {"before": address or null, "after": address, "shapes": [{element, mark, brief}], "words": {add, chg, rem}}
// bpmn-js-differ finds what was drawn otherwise; `shapes` are the sentences' elements (a parameter that moves a deadline is
// no difference of the diagram). What is gone: a flow is drawn where it went, dashed; a shape is shown in the old diagram below.
import { diff } from "bpmn-js-differ";
import { badge, drawn, fit, SVG } from "./js/diagram";
import "./studio-compare.css";

const root = document.querySelector("[data-compare]");
const { before, after, shapes, words } = JSON.parse(document.getElementById("compare").textContent);
const { icons } = root.dataset;
const canvasOf = (name) => root.querySelector(`[data-compare-canvas='${name}']`);
const FLOW = "bpmn:SequenceFlow";
const KINDS = /(Task|Event|Gateway|SubProcess|CallActivity|SequenceFlow)$/;
const NEAREST = 0.85; // at least this large when a shape is looked at
const places = new Map(); // element id → {viewer, container, box}

const isDrawn = (shape) => shape && KINDS.test(shape.type) && !shape.labelTarget;
const middle = (points) => {
  const [from, to] = [points[Math.ceil(points.length / 2) - 1], points[Math.ceil(points.length / 2)] ?? points[0]];
  return { x: (from.x + to.x) / 2, y: (from.y + to.y) / 2, width: 0, height: 0 };
};
const boxOf = (shape) => (shape.waypoints ? middle(shape.waypoints) : shape);

function pill(viewer, shape, kind, text) {
  const box = boxOf(shape);
  const low = shape.type === "bpmn:BoundaryEvent"; // its step has a pill above already
  const position = { left: box.x - shape.x + box.width / 2, top: low ? box.height + 26 : box.y - shape.y - 26 };
  const at = shape.waypoints ? { left: box.x - leftmost(shape), top: box.y - topmost(shape) - 26 } : position;
  viewer.get("overlays").add(shape.id, { position: at, html: badge(kind, text, icons), scale: { min: 0.6, max: 1.2 } });
}

const leftmost = ({ waypoints }) => Math.min(...waypoints.map(({ x }) => x));
const topmost = ({ waypoints }) => Math.min(...waypoints.map(({ y }) => y));

function marked(viewer, container, id, kind, text) {
  const shape = viewer.get("elementRegistry").get(id);
  if (!isDrawn(shape)) return;
  const canvas = viewer.get("canvas");
  canvas.addMarker(id, kind);
  // a step's deadline is the step's; a block would be coloured with all that stands in it
  if (kind === "chg" && shape.host && shape.host.type !== "bpmn:SubProcess") canvas.addMarker(shape.host.id, kind);
  if (kind === "add" && !shape.waypoints) for (const flow of [...shape.incoming, ...shape.outgoing]) canvas.addMarker(flow.id, kind);
  if (text) pill(viewer, shape, kind, text);
  places.set(id, { viewer, container, box: boxOf(shape), id });
}

function between(shape, towards) {
  const from = { x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 };
  const [x, y] = [towards.x + towards.width / 2 - from.x, towards.y + towards.height / 2 - from.y];
  const share = Math.min(...[x && shape.width / 2 / Math.abs(x), y && shape.height / 2 / Math.abs(y)].filter(Boolean), 1);
  return { x: from.x + x * share, y: from.y + y * share };
}

// A flow that is gone, between shapes that stayed: straight from one to the other.
function ghost(viewer, container, flow) {
  const registry = viewer.get("elementRegistry");
  const [source, target] = [registry.get(flow.sourceRef?.id), registry.get(flow.targetRef?.id)];
  if (!source || !target) return false;
  const points = [between(source, target), between(target, source)];
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("class", "rf-compare-ghost");
  path.setAttribute("d", `M${points.map(({ x, y }) => `${x} ${y}`).join("L")}`);
  path.dataset.ghost = flow.id;
  viewer.get("canvas").getLayer("removed", 400).append(path);
  const box = middle(points);
  const position = { left: box.x - source.x, top: box.y - source.y + 8 };
  viewer.get("overlays").add(source.id, { position, html: badge("rem", words.rem, icons), scale: { min: 0.6, max: 1.2 } });
  places.set(flow.id, { viewer, container, box, id: source.id });
  return true;
}

async function showRemoved(gone) {
  root.querySelector("[data-compare-old]").hidden = false;
  const container = canvasOf("before");
  const viewer = await drawn(container, before);
  for (const { id, $type } of gone) marked(viewer, container, id, "rem", $type === FLOW ? "" : words.rem);
  fit(viewer, container);
}

// What bpmn-js-differ finds, and every element that the old diagram had.
async function differences(viewer) {
  const answer = await fetch(before, { credentials: "same-origin" });
  const old = await viewer.get("moddle").fromXML(await answer.text());
  return [diff(old.rootElement, viewer.getDefinitions()), old.elementsById];
}

async function show() {
  const container = canvasOf("after");
  const viewer = await drawn(container, after);
  if (before) {
    const [found, old] = await differences(viewer);
    const told = new Set(shapes.map(({ element }) => element));
    for (const [ids, kind] of [[found._changed, "chg"], [found._added, "add"]]) {
      for (const id of Object.keys(ids)) if (!told.has(id)) marked(viewer, container, id, kind);
    }
    // a flow that was led elsewhere keeps its id: only the sentence knows that its old way is gone
    const ids = new Set([...Object.keys(found._removed), ...shapes.filter(({ mark }) => mark === "rem").map(({ element }) => element)]);
    const gone = [...ids].map((id) => old[id]).filter((one) => one && KINDS.test(one.$type));
    for (const { element, mark, brief } of shapes) {
      if (mark === "rem") continue;
      const flow = viewer.get("elementRegistry").get(element)?.waypoints;
      marked(viewer, container, element, mark, brief || (flow ? "" : words[mark]));
    }
    const shapesGone = gone.filter((one) => one.$type !== FLOW || !ghost(viewer, container, one));
    if (shapesGone.length) await showRemoved(shapesGone);
  }
  fit(viewer, container);
}

// A sentence chosen brings its shape to the middle.
function centre(button) {
  const place = places.get(button.dataset.compareElement);
  for (const one of root.querySelectorAll("[data-compare-element]")) one.setAttribute("aria-pressed", String(one === button));
  if (!place) return;
  const { viewer, container, box, id } = place;
  const canvas = viewer.get("canvas");
  for (const other of places.values()) other.viewer.get("canvas").removeMarker(other.id, "rf-compare-here");
  canvas.addMarker(id, "rf-compare-here");
  if (canvas.zoom() < NEAREST) canvas.zoom(NEAREST);
  const view = canvas.viewbox();
  canvas.viewbox({ ...view, x: box.x + box.width / 2 - view.width / 2, y: box.y + box.height / 2 - view.height / 2 });
  container.dataset.compareShown = button.dataset.compareElement;
  if (container.getBoundingClientRect().top < 0) container.scrollIntoView({ block: "center" });
}

root.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-compare-element]");
  if (button) centre(button);
});
for (const choice of document.querySelectorAll("[data-compare-choose]")) {
  choice.addEventListener("change", () => choice.form.requestSubmit());
}
for (const go of document.querySelectorAll("[data-compare-go]")) go.hidden = true; // choosing is enough
show()
  .then(() => { root.dataset.compare = "shown"; })
  .catch((problem) => {
    root.dataset.compare = "failed";
    console.error(problem);
  });
