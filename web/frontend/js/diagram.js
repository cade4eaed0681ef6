// Diagrams as pages show them: drawn in a container, fitted to it, with pills beside their shapes.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";

const ICONS = { done: "check", act: "player-play", late: "clock-exclamation", hold: "player-pause", add: "plus", chg: "pencil", rem: "minus" };
const LABEL_FONT = '"PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';
export const LABELS = {
  defaultStyle: { fontFamily: LABEL_FONT, fontSize: 17 },
  externalStyle: { fontFamily: LABEL_FONT, fontSize: 11 }, // the layouter made room for this size; larger text breaks
};
const MARGIN = 20; // in diagram units
const LOWEST = 260; // pixels
const WATERMARK = 40; // pixels below the diagram for the bpmn.io mark
export const SVG = "http://www.w3.org/2000/svg";

export function badge(kind, words, icons) {
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

// zoom("fit-viewport") leaves no margin: labels and badges at the edge would be cut.
// The place is as high as the style sheet says; lower for a diagram that is wide and flat.
export function fit(viewer, container) {
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

export async function drawn(container, url) {
  const viewer = new NavigatedViewer({
    container,
    zoomScroll: { enabled: false }, // else the wheel stops scrolling the page; on while the canvas has the focus
    textRenderer: LABELS,
  });
  const answer = await fetch(url, { credentials: "same-origin" });
  if (!answer.ok) throw new Error(`diagram: ${answer.status}`);
  await viewer.importXML(await answer.text());
  container.addEventListener("focusin", () => viewer.get("zoomScroll").toggle(true));
  container.addEventListener("focusout", () => viewer.get("zoomScroll").toggle(false));
  return viewer;
}
