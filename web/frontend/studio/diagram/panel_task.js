// The panel of a task: who does it, with which form, how often.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { h, island, say } from "../shared/page";
import { call, quoted, unquoted } from "./calls";
import { area, expression, field, fold, line, section, select } from "./fields";
import { decision, property } from "./properties";

/** 谁来办: the lane's group, another group, who did an earlier step, or an expression; and who must not. */
export function who(context) {
  const { element, catalogue, writer } = context;
  const candidate = property(element, "candidate") ?? "";
  const lane = laneOf(element);
  const steps = context.earlier().filter((step) => is(step, "bpmn:UserTask"));
  const options = [
    { value: "", label: lane ? say("who_lane", { lane: lane.name || lane.id }) : say("who_nobody") },
    ...(catalogue.groups ?? []).map(({ key, name, people }) => ({ value: `group(${quoted(key)})`, label: people === 0 ? say("who_empty_group", { group: name }) : say("who_group", { group: name }) })),
    ...steps.map((step) => ({ value: `doer_of(${quoted(step.id)})`, label: say("who_doer", { step: context.nameOf(step) }) })),
    { value: "initiator()", label: say("who_initiator") },
  ];
  const simple = options.some(({ value }) => value === candidate);
  const shown = simple ? candidate : "?";
  const chosen = (value) => (value === "?" ? context.unfold("candidate") : writer.set(element, { candidate: value }));
  return section("who", "users", say("who"),
    select("candidate", shown, [...options, { value: "?", label: say("who_expression") }], chosen, { "aria-label": say("who") }),
    (!simple || context.unfolded("candidate")) && expression("candidate-text", candidate, (value) => writer.set(element, { candidate: value }), { "aria-label": say("who_expression") }),
    excluded(context, steps));
}

function excluded({ element, writer, nameOf, unfolded, unfold }, steps) {
  const value = property(element, "excluded") ?? "";
  const found = call(value);
  const step = found?.[0] === "doer_of" ? unquoted(found[1][0]) : null;
  const known = steps.some(({ id }) => id === step);
  const options = [
    { value: "", label: say("excluded_nobody") },
    ...steps.map((one) => ({ value: one.id, label: say("excluded_doer", { step: nameOf(one) }) })),
    { value: "?", label: say("who_expression") },
  ];
  const shown = value === "" ? "" : known ? step : "?";
  const chosen = (id) => (id === "?" ? unfold("excluded") : writer.set(element, { excluded: id && `doer_of(${quoted(id)})` }));
  return h("div", { class: "rf-panel-sub" },
    line(say("excluded"), select("excluded", shown, options, chosen)),
    (shown === "?" || unfolded("excluded")) && expression("excluded-text", value, (text) => writer.set(element, { excluded: text }), { "aria-label": say("excluded") }));
}

/** 表单: which form a person fills; by default the one named as the step. */
export function form({ element, catalogue, writer }) {
  const own = `${island.procedure}/${element.id}`;
  const named = property(element, "form");
  const isStart = is(element, "bpmn:StartEvent");
  const forms = catalogue.forms ?? [];
  const options = [
    { value: "", label: isStart && !forms.some(({ key }) => key === own) ? say("form_none") : say("form_own", { title: forms.find(({ key }) => key === own)?.title ?? element.id }) },
    ...forms.filter(({ key }) => key !== own).map(({ key, title }) => ({ value: key, label: title || key })),
  ];
  const key = named ?? own;
  const mine = key.startsWith(`${island.procedure}/`);
  const edit = mine && h("a", { class: "btn btn-sm", href: `${island.base}forms/${key.split("/")[1]}` }, say("form_edit"));
  return section("form", "file-text", say("form"),
    h("div", { class: "rf-panel-row" }, select("form", named ?? "", options, (value) => writer.set(element, { form: value }), { "aria-label": say("form") }), edit));
}

/** 规则: the decision table of a business rule task. */
export function rule({ element, catalogue, writer }) {
  const value = decision(element);
  const options = [{ value: "", label: say("choose") }, ...(catalogue.decisions ?? []).map(({ id, title }) => ({ value: id, label: title || id }))];
  return section("rule", "table", say("rule"),
    h("div", { class: "rf-panel-row" }, select("decision", value, options, (id) => writer.setDecision(element, id), { "aria-label": say("rule") }),
      value && h("a", { class: "btn btn-sm", href: `${island.base}decisions/${value}` }, say("form_edit"))));
}

/** 逐项办理: a multi-instance step and the list it goes through. */
export function repetition({ element, writer }) {
  const marker = element.businessObject.loopCharacteristics;
  if (!marker || !is(marker, "bpmn:MultiInstanceLoopCharacteristics")) return null;
  return section("repetition", "list-check", marker.isSequential ? say("each_in_turn") : say("each_at_once"),
    field(say("for_each"), expression("for-each", property(element, "for_each"), (value) => writer.set(element, { for_each: value })), say("for_each_about")));
}

/** 说明与手册条款, and the earliest moment. */
export function about({ element, writer }) {
  const text = element.businessObject.documentation?.[0]?.text ?? "";
  const early = is(element, "bpmn:UserTask");
  const clause = property(element, "clause");
  return fold("about", say("about"), false,
    field(say("documentation"), area("documentation", text, (value) => writer.setDocumentation(element, value))),
    field(say("clause"), area("clause", clause, (value) => writer.set(element, { clause: value }), { rows: 1, placeholder: say("clause_example") })),
    early && field(say("too_early"), expression("too-early", property(element, "too_early_until"), (value) => writer.set(element, { too_early_until: value })), say("too_early_about")));
}

/** Whose lane it is, stands with the parameters. */
export function lane() {
  return section("lane", "users", say("who"), h("p", { class: "rf-meta" }, say("lane_about"), " ", h("a", { href: `${island.base}parameters` }, say("lane_edit"))));
}

export function laneOf(element) {
  return element.businessObject.lanes?.[0] ?? null;
}

