// Palette, context pad and change menu hold what may be deployed, nothing else (processes/README.md, "Elements that may
// be used"). A step begins as a user task.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { say } from "../shared/page";

const AFTER_THE_OTHERS = 500; // priority of a provider: these change what bpmn-js has put in
const TOOLS = ["hand-tool", "lasso-tool", "space-tool", "global-connect-tool", "tool-separator"];
const PAD = [
  "lane-insert-above", "lane-divide-two", "lane-divide-three", "lane-insert-below", "append.end-event", "append.gateway",
  "append.message-intermediate-event", "append.timer-intermediate-event", "replace", "connect", "delete",
];
const TIMER = { type: "bpmn:IntermediateCatchEvent", eventDefinitionType: "bpmn:TimerEventDefinition" };
const CHANGES = new Set([
  "none-start", "message-start", "timer-start", "none-end", "message-end", "escalation-end", "error-end", "signal-end",
  "terminate-end", "message-intermediate-catch", "timer-intermediate-catch", "message-intermediate-throw",
  "signal-intermediate-throw", "escalation-intermediate-throw", "user-task", "service-task", "rule-task", "call-activity",
  "expanded-subprocess", "subprocess", "exclusive-gateway", "parallel-gateway", "inclusive-gateway", "event-based-gateway",
  "message-boundary", "timer-boundary", "escalation-boundary", "conditional-boundary", "error-boundary", "signal-boundary",
  "non-interrupting-message-boundary", "non-interrupting-timer-boundary", "non-interrupting-escalation-boundary",
  "non-interrupting-conditional-boundary", "non-interrupting-signal-boundary", "sequence-flow", "default-flow",
].map((name) => `replace-with-${name}`));
const SWITCHES = ["toggle-parallel-mi", "toggle-sequential-mi", "toggle-non-interrupting"];

class Allowed {
  constructor(palette, contextPad, popupMenu, create, elementFactory, autoPlace, appendPreview) {
    Object.assign(this, { create, elementFactory, autoPlace, appendPreview });
    palette.registerProvider(AFTER_THE_OTHERS, this);
    contextPad.registerProvider(AFTER_THE_OTHERS, this);
    popupMenu.registerProvider("bpmn-replace", AFTER_THE_OTHERS, this);
  }

  getPaletteEntries() {
    const begin = (shape) => (event) => this.create.start(event, this.elementFactory.createShape(shape));
    const entry = (group, className, title, shape) => ({ group, className, title, action: { click: begin(shape), dragstart: begin(shape) } });
    return (entries) => ({
      ...kept(entries, (name) => TOOLS.includes(name)),
      "create.start-event": entries["create.start-event"],
      "create.intermediate-event": entry("event", "bpmn-icon-intermediate-event-catch-timer", say("create_timer"), TIMER),
      "create.end-event": entries["create.end-event"],
      "create.exclusive-gateway": entries["create.exclusive-gateway"],
      "create.user-task": entry("activity", "bpmn-icon-user-task", say("create_user_task"), { type: "bpmn:UserTask" }),
      "create.service-task": entry("activity", "bpmn-icon-service-task", say("create_service_task"), { type: "bpmn:ServiceTask" }),
      "create.call-activity": entry("activity", "bpmn-icon-call-activity", say("create_call"), { type: "bpmn:CallActivity" }),
      "create.subprocess-expanded": entries["create.subprocess-expanded"],
    });
  }

  getContextPadEntries(element) {
    const append = (type, className, title, options = {}) => {
      const shape = () => this.elementFactory.createShape({ type, ...options });
      return {
        group: "model",
        className,
        title,
        action: {
          click: (_, source) => this.autoPlace.append(source, shape()),
          dragstart: (event, source) => this.create.start(event, shape(), { source }),
          hover: (_, source) => {
            this.appendPreview.create(source, type, options);
            return () => this.appendPreview.cleanUp();
          },
        },
      };
    };
    return (entries) => {
      const found = kept(entries, (name) => PAD.includes(name));
      if (entries["append.append-task"]) {
        found["append.user-task"] = append("bpmn:UserTask", "bpmn-icon-user-task", say("append_user_task"));
        found["append.service-task"] = append("bpmn:ServiceTask", "bpmn-icon-service-task", say("append_service_task"));
      }
      if (is(element, "bpmn:Participant")) delete found.delete; // the one pool
      return found;
    };
  }

  getMultiElementContextPadEntries() {
    return (entries) => entries;
  }

  getPopupMenuEntries() {
    return (entries) => kept(entries, (name) => CHANGES.has(name));
  }

  getPopupMenuHeaderEntries() {
    return (entries) => kept(entries, (name) => SWITCHES.includes(name));
  }
}
Allowed.$inject = ["palette", "contextPad", "popupMenu", "create", "elementFactory", "autoPlace", "appendPreview"];

function kept(entries, wanted) {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => wanted(name)));
}

export default { __init__: ["allowed"], allowed: ["type", Allowed] };
