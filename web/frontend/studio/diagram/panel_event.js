// Events: which message, signal, escalation or error; the state in which a case ends; a condition that is watched.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { h, say } from "../shared/page";
import { check, expression, field, input, note, section } from "./fields";
import { free } from "./naming";
import { correlation, payload } from "./panel_call";
import { plainTimer, timer } from "./panel_deadline";
import { form } from "./panel_task";
import { property } from "./properties";

const NAMED = {
  "bpmn:MessageEventDefinition": { kind: "message", reference: "messageRef", type: "bpmn:Message" },
  "bpmn:SignalEventDefinition": { kind: "signal", reference: "signalRef", type: "bpmn:Signal" },
  "bpmn:EscalationEventDefinition": { kind: "escalation", reference: "escalationRef", type: "bpmn:Escalation", code: "escalationCode" },
  "bpmn:ErrorEventDefinition": { kind: "fault", reference: "errorRef", type: "bpmn:Error", code: "errorCode" },
};

export function event(context) {
  const { element } = context;
  const definition = element.businessObject.eventDefinitions?.[0];
  const begins = is(element, "bpmn:StartEvent");
  return [
    is(element, "bpmn:EndEvent") && ending(context),
    definition && NAMED[definition.$type] && named(context, definition),
    definition?.$type === "bpmn:TimerEventDefinition" && (is(element, "bpmn:BoundaryEvent") ? timer(context) : plainTimer(context)),
    definition?.$type === "bpmn:ConditionalEventDefinition" && watched(context, definition),
    is(element, "bpmn:BoundaryEvent") && interrupting(context),
    begins && (!definition || NAMED[definition.$type]?.kind === "message") && form(context),
  ];
}

function ending({ element, writer }) {
  const isDefault = property(element, "breach") === "default";
  if (isDefault || element.incoming.some(({ source }) => property(source, "deadline") !== undefined)) {
    return section("end", "clock-exclamation", say("breach"), note(say("breach_plain")),
      check("breach", isDefault, say("breach_default"), (on) => writer.set(element, { breach: on ? "default" : "" })));
  }
  const top = !is(element.parent, "bpmn:SubProcess");
  return section("end", "check", say("end_state"),
    field(say("end_state_id"), input("end-state", property(element, "end_state"), (value) => writer.set(element, { end_state: value }), { class: "form-control rf-control rf-expression", placeholder: "closed_satisfied" }), say(top ? "end_state_about" : "end_state_inner")));
}

/** The message, signal, escalation or error by its name; a new name makes a new one. */
function named(context, definition) {
  const { element, modeler, writer } = context;
  const { kind, reference, type, code } = NAMED[definition.$type];
  const definitions = modeler.getDefinitions();
  const known = definitions.rootElements.filter((one) => is(one, type));
  const choose = (name) => modeler.get("together").run(() => {
    let target = known.find((one) => one.name === name);
    if (name && !target) {
      target = writer.make(type, { id: free(`${kind}_${name.replace(/\W+/g, "_")}`, modeler.get("moddle").ids), name, ...(code && { [code]: name }) }, definitions);
      writer.update(element, definitions, { rootElements: [...definitions.rootElements, target] });
    }
    writer.update(element, definition, { [reference]: target });
  });
  const throws = is(element, "bpmn:ThrowEvent");
  const isMessage = kind === "message";
  return section(kind, "send", say(kind),
    field(say(`${kind}_name`), input(kind, definition[reference]?.name ?? "", choose, { list: "panel-known", class: "form-control rf-control rf-expression" }), say(`${kind}_about`)),
    h("datalist", { id: "panel-known" }, known.map(({ name }) => h("option", { value: name }))),
    isMessage && !is(element, "bpmn:StartEvent") && correlation(context),
    isMessage && throws && payload(context));
}

function watched({ element, writer }, definition) {
  const change = (text) => {
    if (definition.condition) writer.update(element, definition.condition, { body: text });
    else writer.update(element, definition, { condition: writer.expression(text, definition) });
  };
  return section("watched", "eye", say("watched"), expression("watched", definition.condition?.body, change, { "aria-label": say("watched") }), note(say("watched_about")));
}

function interrupting({ element, modeling }) {
  if (property(element, "deadline") !== undefined) return null;
  const ends = element.businessObject.cancelActivity !== false;
  return section("interrupting", "ban", say("interrupting"), check("interrupting", ends, say("interrupting_about"), (on) => modeling.updateProperties(element, { cancelActivity: on })));
}
