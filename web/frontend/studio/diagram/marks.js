// Problems on their shapes: a pill below each one that has any (hints stay in the list), and the way to the shape.
import { h, icon, say } from "../shared/page";
import { symbolOf } from "../shared/problems";

const TYPE = "studio-problem";

export class Marks {
  constructor(modeler) {
    this.modeler = modeler;
    this.problems = [];
    this.marked = [];
  }

  set(problems) {
    this.problems = problems;
    const [overlays, registry, canvas] = ["overlays", "elementRegistry", "canvas"].map((name) => this.modeler.get(name));
    overlays.remove({ type: TYPE });
    for (const [element, marker] of this.marked) if (registry.get(element)) canvas.removeMarker(element, marker);
    this.marked = [];
    for (const [id, found] of byElement(problems.filter(({ severity }) => severity !== "hint"))) {
      const shape = registry.get(id);
      if (!shape || shape === canvas.getRootElement()) continue;
      const severity = found.some((one) => one.severity === "error") ? "error" : "warning";
      const marker = `rf-has-${severity}`;
      canvas.addMarker(id, marker);
      this.marked.push([id, marker]);
      overlays.add(id, TYPE, { position: place(shape), html: pill(severity, found), show: { minZoom: 0.3 } });
    }
  }

  /** Choose the shape and bring it to the middle. */
  show({ element }) {
    const shape = this.modeler.get("elementRegistry").get(element);
    if (!shape) return;
    const canvas = this.modeler.get("canvas");
    const { x, y, width, height } = shape.waypoints ? middle(shape) : shape;
    const box = canvas.viewbox();
    canvas.viewbox({ ...box, x: x + width / 2 - box.width / 2, y: y + height / 2 - box.height / 2 });
    this.modeler.get("selection").select(shape);
  }
}

function byElement(problems) {
  const found = new Map();
  for (const one of problems) if (one.element) found.set(one.element, [...(found.get(one.element) ?? []), one]);
  return found;
}

function pill(severity, found) {
  return h("span", { class: `rf-mark rf-mark-${severity}`, title: found.map(({ message }) => message).join("\n") },
    icon(symbolOf(severity)), ` ${say(severity)}`);
}

function place(shape) {
  if (shape.host) return { top: -14, left: shape.width / 2 }; // below it hangs what follows
  if (!shape.waypoints) return { [shape.attachers?.length ? "top" : "bottom"]: shape.attachers?.length ? -12 : 4, left: shape.width / 2 };
  const at = middle(shape);
  const [x, y] = [Math.min(...shape.waypoints.map((point) => point.x)), Math.min(...shape.waypoints.map((point) => point.y))];
  return { top: at.y - y + 2, left: at.x - x };
}

function middle({ waypoints }) {
  const [a, b] = [waypoints[0], waypoints[1]];
  return { x: (a.x + b.x) / 2, y: (a.y + b.y) / 2, width: 0, height: 0 };
}
