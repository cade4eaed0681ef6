// The diagram of a case: where it is, what is done, what is late.
//
// <div data-diagram-url="/cases/…/diagram" data-diagram-state="case-state" data-icons="/static/dist/icons.svg"></div>
// <script type="application/json" id="case-state">
//   {"elements": {"verify_by_phone": {"state": "late", "pill": "已超 1 小时 10 分"}, "sign_receipt": {"state": "done"}}}
// </script>
// States: done, act, late, hold (active in a suspended case), fut, pass (a flow taken). A click on a step sends "renoflow:step" {element} up from the
// container and shows only the [data-step] rows of that step; a click beside it, or on a [data-step-all], shows all again.
// A container that is not shown (on a phone the diagram has a page of its own) draws nothing.
import { badge, drawn, fit } from "./js/diagram";
import "./case.css";

function mark(viewer, elements, icons) {
  const canvas = viewer.get("canvas");
  const overlays = viewer.get("overlays");
  const registry = viewer.get("elementRegistry");
  for (const [id, { state, pill }] of Object.entries(elements)) {
    const shape = registry.get(id);
    if (!shape) continue; // inside a collapsed sub-process
    canvas.addMarker(id, state);
    if (pill) {
      const position = { top: -22, left: shape.width / 2 }; // timers sit at the lower edge
      overlays.add(id, { position, html: badge(state, pill, icons), scale: { min: 0.7, max: 1.2 } });
    } else if (state === "done" && shape.width > 60) {
      overlays.add(id, { position: { top: -11, right: 11 }, html: badge("done", "", icons) });
    }
  }
}

function follow(viewer, container) {
  const only = (element) => {
    const steps = [...document.querySelectorAll("[data-step]")];
    const chosen = steps.some((row) => row.dataset.step === element) ? element : null;
    for (const row of steps) row.hidden = chosen !== null && row.dataset.step !== chosen;
    for (const back of document.querySelectorAll("[data-step-all]")) back.hidden = chosen === null;
  };
  for (const back of document.querySelectorAll("[data-step-all]")) back.addEventListener("click", () => only(null));
  viewer.on("element.click", ({ element }) => {
    only(element.id);
    container.dispatchEvent(new CustomEvent("renoflow:step", { bubbles: true, detail: { element: element.id } }));
  });
}

async function show(container) {
  container.dataset.diagramReady = "loading";
  const island = document.getElementById(container.dataset.diagramState);
  const { elements = {} } = island ? JSON.parse(island.textContent) : {};
  const viewer = await drawn(container, container.dataset.diagramUrl);
  mark(viewer, elements, container.dataset.icons);
  follow(viewer, container);
  fit(viewer, container);
  container.dataset.diagramReady = "shown";
}

function showAll() {
  for (const container of document.querySelectorAll("[data-diagram-url]:not([data-diagram-ready])")) {
    if (!container.checkVisibility()) continue;
    show(container).catch((problem) => {
      container.dataset.diagramReady = "failed";
      console.error(problem);
    });
  }
}

document.addEventListener("DOMContentLoaded", showAll);
document.addEventListener("htmx:load", showAll);
if (document.readyState !== "loading") showAll();
