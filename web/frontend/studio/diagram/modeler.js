// bpmn-js as the studio uses it: the modeler, or below 768 pixels a viewer that only shows.
import Modeler from "bpmn-js/lib/Modeler";
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import simulation from "bpmn-js-token-simulation";
import { LABELS } from "../../js/diagram";
import allowed from "./allowed";
import chinese from "./chinese";
import naming from "./naming";
import order from "./order";
import spiffworkflow from "./spiffworkflow";
import tidy from "./tidy";
import together from "./together";

const common = { textRenderer: LABELS, moddleExtensions: { spiffworkflow } };

export function editor(container) {
  return new Modeler({ ...common, container, additionalModules: [together, chinese, naming, order, allowed, tidy, simulation] });
}

export function viewer(container) {
  return new NavigatedViewer({ ...common, container, additionalModules: [chinese] });
}

/** Show the whole diagram beside the palette; "start": its beginning, at a size that can be read. */
export function fitted(modeler, what = "start") {
  const canvas = modeler.get("canvas");
  const { inner, outer } = canvas.viewbox();
  if (!inner.width || !outer.width) return;
  const whole = Math.min(1, (outer.width - LEFT - MARGIN) / inner.width, (outer.height - 2 * MARGIN) / inner.height);
  const scale = what === "all" ? whole : Math.max(whole, READABLE);
  const [width, height] = [outer.width / scale, outer.height / scale];
  const spare = (outer.width - LEFT - MARGIN) / scale - inner.width;
  const y = inner.height < height ? inner.y - (height - inner.height) / 2 : inner.y - MARGIN;
  canvas.viewbox({ x: inner.x - LEFT / scale - Math.max(0, spare / 2), y, width, height });
}
const READABLE = 0.95;
const MARGIN = 20; // pixels around the diagram
const LEFT = 80; // pixels for the palette
