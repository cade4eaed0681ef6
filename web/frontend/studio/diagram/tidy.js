// 整理布局: the layouter that also draws at author time (engine/workflow/layouter), as one step of 撤销.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { layout } from "../../../../engine/workflow/layouter/index.mjs";

const KINDS = [
  ["bpmn:BoundaryEvent", "boundary"], ["bpmn:EndEvent", "end"], ["bpmn:Event", "event"], ["bpmn:SubProcess", "subprocess"],
  ["bpmn:Gateway", "gateway"], ["bpmn:Activity", "task"],
];
const REFUSED = ["bpmn:Artifact", "bpmn:DataObjectReference", "bpmn:DataStoreReference", "bpmn:MessageFlow"];

class Tidy {
  constructor(commandStack, elementRegistry, canvas, bpmnUpdater, documentOrder) {
    Object.assign(this, { commandStack, elementRegistry, canvas, bpmnUpdater, documentOrder });
    commandStack.register("studio.tidy", this);
  }

  /** Lay the diagram out anew; false if it holds what the layouter can't place. */
  run() {
    const root = this.canvas.getRootElement();
    const pools = this.elementRegistry.filter((element) => is(element, "bpmn:Participant"));
    const strange = this.elementRegistry.getAll().some((element) => !element.labelTarget && REFUSED.some((type) => is(element, type)));
    if (strange || pools.length > 1) return false;
    this.documentOrder.restore();
    const process = pools.length ? pools[0].businessObject.processRef : root.businessObject;
    const places = layout(described(process, pools[0]?.businessObject));
    this.commandStack.execute("studio.tidy", { places: this.resolved(places) });
    return true;
  }

  /** [element, {x, y, width, height} or waypoints]: shapes, their outer labels, flows. */
  resolved({ shapes, flows }) {
    const found = [];
    for (const [id, { x, y, width, height, label }] of Object.entries(shapes)) {
      const element = this.elementRegistry.get(id);
      if (element) found.push([element, { x, y, width, height }]);
      if (element?.label && label) found.push([element.label, label]);
    }
    for (const [id, { points, label }] of Object.entries(flows)) {
      const element = this.elementRegistry.get(id);
      if (element) found.push([element, points.map(([x, y]) => ({ x, y }))]);
      if (element?.label && label) found.push([element.label, label]);
    }
    return found;
  }

  execute(context) {
    context.before ??= context.places.map(([element]) => [element, element.waypoints ?? bounds(element)]);
    return this.apply(context.places);
  }

  revert(context) {
    return this.apply(context.before);
  }

  apply(places) {
    for (const [element, place] of places) {
      if (element.waypoints) {
        element.waypoints = place;
        this.bpmnUpdater.updateConnectionWaypoints(element);
      } else {
        Object.assign(element, bounds(place));
        this.bpmnUpdater.updateBounds(element);
      }
    }
    return places.map(([element]) => element);
  }
}
Tidy.$inject = ["commandStack", "elementRegistry", "canvas", "bpmnUpdater", "documentOrder"];

const bounds = ({ x, y, width, height }) => ({ x, y, width, height });

/** What layouter/index.mjs wants to know, in the order of the document. */
function described(process, pool) {
  const lanes = process.laneSets?.flatMap((set) => set.lanes ?? []) ?? [];
  const laneOf = new Map(lanes.flatMap((lane) => (lane.flowNodeRef ?? []).map((node) => [node.id, lane.id])));
  return {
    pool: pool ? { id: pool.id, name: pool.name ?? "" } : null,
    lanes: lanes.map(({ id, name }) => ({ id, name: name ?? "" })),
    ...level(process, laneOf),
  };
}

function level(scope, laneOf) {
  const [nodes, flows] = [[], []];
  for (const element of scope.flowElements ?? []) {
    const common = { id: element.id, name: (element.name ?? "").trim() };
    if (is(element, "bpmn:SequenceFlow")) {
      flows.push({ ...common, source: element.sourceRef.id, target: element.targetRef.id });
      continue;
    }
    const kind = KINDS.find(([type]) => is(element, type))?.[1];
    if (!kind) continue;
    const host = element.attachedToRef;
    const inner = kind === "subprocess" ? level(element, new Map()) : {};
    const lane = laneOf.get(host?.id ?? element.id) ?? null; // dragging can leave a timer in another lane than its host
    nodes.push({ kind, host: host?.id ?? null, ...common, lane, ...inner });
  }
  return { nodes, flows };
}

export default { __init__: ["tidy"], tidy: ["type", Tidy] };
