// Ids that can be said aloud: a new shape is step_1, timer_2, …; a new flow is named after its ends, source_to_target.
import BpmnFactory from "bpmn-js/lib/features/modeling/BpmnFactory";
import CommandInterceptor from "diagram-js/lib/command/CommandInterceptor";
import { is } from "bpmn-js/lib/util/ModelUtil";

const PREFIXES = [
  ["bpmn:UserTask", "step"], ["bpmn:ServiceTask", "operation"], ["bpmn:BusinessRuleTask", "decision"],
  ["bpmn:CallActivity", "call"], ["bpmn:SubProcess", "part"], ["bpmn:Gateway", "gateway"], ["bpmn:StartEvent", "start"],
  ["bpmn:EndEvent", "end"], ["bpmn:Event", "event"], ["bpmn:Lane", "lane"], ["bpmn:LaneSet", "lanes"],
  ["bpmn:SequenceFlow", "flow"], ["bpmn:EventDefinition", "definition"],
];
export const SPEAKING = /^[a-z][a-z0-9_]{0,62}$/;

class SpeakingFactory extends BpmnFactory {
  constructor(moddle) {
    super(moddle);
    this.ids = moddle.ids;
  }

  _ensureId(element) {
    const prefix = !element.id && this._needsId(element) && PREFIXES.find(([type]) => is(element, type))?.[1];
    if (!prefix) return super._ensureId(element);
    let number = 1;
    while (this.ids.assigned(`${prefix}_${number}`)) number += 1;
    element.id = `${prefix}_${number}`;
    this.ids.claim(element.id, element);
  }
}
SpeakingFactory.$inject = ["moddle"];

class FlowNames extends CommandInterceptor {
  constructor(eventBus, modeling, moddle) {
    super(eventBus);
    this.postExecuted("connection.create", ({ context }) => {
      const flow = context.connection;
      if (!is(flow, "bpmn:SequenceFlow") || !/^flow_\d+$/.test(flow.id)) return;
      const id = free(`${context.source.id}_to_${context.target.id}`, moddle.ids);
      modeling.updateProperties(flow, { id });
    });
  }
}
FlowNames.$inject = ["eventBus", "modeling", "moddle"];

/** The id, or with a number behind where it is taken. */
export function free(id, ids) {
  let found = id;
  for (let number = 2; ids.assigned(found); number += 1) found = `${id}_${number}`;
  return found;
}

export default {
  __init__: ["flowNames"],
  bpmnFactory: ["type", SpeakingFactory],
  flowNames: ["type", FlowNames],
};
