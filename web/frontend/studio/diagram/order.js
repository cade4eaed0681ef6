// The document keeps its order: bpmn-js puts what was moved at the end, and the layouter lets the order decide ties. So a
// saved file differs in what was changed only, and 整理布局 does not depend on what was dragged before.
import { is } from "bpmn-js/lib/util/ModelUtil";

class DocumentOrder {
  constructor(eventBus, bpmnjs) {
    this.bpmnjs = bpmnjs;
    this.places = new Map(); // process, sub-process or lane → element → its place; what is new comes after all that was there
    eventBus.on("import.done", () => {
      this.places.clear();
      this.restore();
    });
  }

  /** Put everything back to its place. */
  restore() {
    for (const process of this.bpmnjs.getDefinitions().rootElements.filter((element) => is(element, "bpmn:Process"))) {
      this.sort(process);
      for (const lane of process.laneSets?.flatMap((set) => set.lanes ?? []) ?? []) this.arrange(lane, lane.flowNodeRef);
    }
  }

  sort(scope) {
    this.arrange(scope, scope.flowElements);
    for (const element of scope.flowElements ?? []) if (element.flowElements) this.sort(element);
  }

  arrange(owner, elements) {
    const places = this.places.get(owner) ?? new Map();
    this.places.set(owner, places);
    for (const element of elements ?? []) if (!places.has(element)) places.set(element, places.size);
    elements?.sort((a, b) => places.get(a) - places.get(b));
  }
}
DocumentOrder.$inject = ["eventBus", "bpmnjs"];

export default { documentOrder: ["type", DocumentOrder], __init__: ["documentOrder"] };
