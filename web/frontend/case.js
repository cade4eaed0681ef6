// The diagram of a case: where it is, what is done, what is late.
//
// <div data-diagram-url="/cases/…/diagram" data-diagram-state="case-state" data-icons="/static/dist/icons.svg"></div>
// <script type="application/json" id="case-state">
//   {"elements": {"verify_by_phone": {"state": "late", "pill": "已超 1 小时 10 分"}, "sign_receipt": {"state": "done"}}}
// </script>
// States: done, act, late, hold (active in a suspended case), fut, pass (a flow taken). A click on a step sends "renoflow:step" {element} up from the
// container and shows only the [data-step] rows of that step; a click beside it, or on a [data-step-all], shows all again.
// A container that is not shown (on a phone the diagram has a page of its own) draws nothing.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "./case.css";

const ICONS = { done: "check", act: "player-play", late: "clock-exclamation", hold: "player-pause" };
const LABEL_FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
const MARGIN = 20; // in diagram units
const LOWEST = 260; // pixels
const WATERMARK = 40; // pixels below the diagram for the bpmn.io mark
const SVG = "http://www.w3.org/2000/svg";

function badge(kind, words, icons) {
  const element = document.createElement("span");
  element.className = `rf-pill rf-pill-${kind}`;
  if (icons && ICONS[kind]) {
    const svg = element.appendChild(document.createElementNS(SVG, "svg"));
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    svg.appendChild(document.createElementNS(SVG, "use")).setAttribute("href", `${icons}#${ICONS[kind]}`);
  }
  element.append(words ?? "");
  return element;
}

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

// zoom("fit-viewport") leaves no margin: labels and badges at the edge would be cut.
// The place is as high as the style sheet says; lower for a diagram that is wide and flat.
function fit(viewer, container) {
  const canvas = viewer.get("canvas");
  const highest = container.clientHeight;
  const zoom = () => {
    const drawn = canvas.viewbox().inner;
    const needed = (drawn.height + 2 * MARGIN) * Math.min(1, container.clientWidth / (drawn.width + 2 * MARGIN));
    container.style.height = `${Math.min(highest, Math.max(LOWEST, Math.ceil(needed) + WATERMARK))}px`;
    canvas.resized();
    const { inner, outer } = canvas.viewbox();
    if (!outer.width || !outer.height) return;
    const room = outer.height - WATERMARK;
    const scale = Math.min(1, outer.width / (inner.width + 2 * MARGIN), room / (inner.height + 2 * MARGIN));
    const [width, height] = [outer.width / scale, outer.height / scale];
    const x = inner.x + (inner.width - width) / 2;
    canvas.viewbox({ x, y: inner.y + (inner.height - room / scale) / 2, width, height });
  };
  new ResizeObserver(zoom).observe(container);
  zoom();
}

async function show(container) {
  container.dataset.diagramReady = "loading";
  const island = document.getElementById(container.dataset.diagramState);
  const { elements = {} } = island ? JSON.parse(island.textContent) : {};
  const viewer = new NavigatedViewer({
    container,
    zoomScroll: { enabled: false }, // else the wheel stops scrolling the page; on while the canvas has the focus
    textRenderer: {
      defaultStyle: { fontFamily: LABEL_FONT, fontSize: 17 },
      externalStyle: { fontFamily: LABEL_FONT, fontSize: 11 }, // the layouter made room for this size; larger text breaks
    },
  });
  const answer = await fetch(container.dataset.diagramUrl, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`diagram: ${answer.status}`);
  await viewer.importXML(await answer.text());
  mark(viewer, elements, container.dataset.icons);
  follow(viewer, container);
  fit(viewer, container);
  container.addEventListener("focusin", () => viewer.get("zoomScroll").toggle(true));
  container.addEventListener("focusout", () => viewer.get("zoomScroll").toggle(false));
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
