// 条件: of a flow behind a split, as rows over the fields that exist there; a split's default flow.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { h, say } from "../shared/page";
import { read, write } from "./condition";
import { button, dropper, expression, line, note, section, select, input } from "./fields";

const SPLITS = ["bpmn:ExclusiveGateway", "bpmn:InclusiveGateway"];
const decides = (shape) => SPLITS.some((type) => is(shape, type)) && shape.outgoing.length > 1;

/** The panel of a sequence flow. */
export function flow(context) {
  const { element, writer, unfolded, unfold } = context;
  const object = element.businessObject;
  const text = object.conditionExpression?.body ?? "";
  if (!decides(element.source) && !text) return section("condition", "route", say("condition"), note(say("condition_none")));
  const isDefault = object.sourceRef.default === object;
  if (isDefault) return section("condition", "route", say("condition"), note(say("condition_default")));
  const shown = read(text);
  const change = (next) => writer.setCondition(element, write(next));
  return section("condition", "route", say("condition"),
    shown ? builder(context, shown, change) : note(say("condition_raw")),
    (!shown || unfolded("condition")) && expression("condition", text, (value) => writer.setCondition(element, value), { "aria-label": say("expression") }),
    shown && !unfolded("condition") && h("p", { class: "rf-deadline-drawn" }, text && h("code", {}, text), " ", h("button", { type: "button", class: "rf-link", "data-key": "open-condition", onclick: () => unfold("condition") }, say("write_expression"))),
    h("div", {}, button("make-default", say("condition_make_default"), () => makeDefault(context))));
}

function makeDefault({ element, modeling, modeler, writer }) {
  modeler.get("together").run(() => {
    writer.setCondition(element, "");
    modeling.updateProperties(element.source, { default: element.businessObject });
  });
}

function builder({ fields }, shown, change) {
  const { rows, joined } = shown;
  const put = (index, changed) => change({ joined, rows: rows.map((row, at) => (at === index ? { ...row, ...changed } : row)) });
  const add = () => change({ joined, rows: [...rows, begun(fields[0])] });
  const together = ["and", "or"].map((value) => ({ value, label: say(`joined_${value}`) }));
  return h("div", { class: "rf-conditions" },
    rows.length > 1 && line(say("joined"), select("joined", joined, together, (value) => change({ rows, joined: value }))),
    rows.map((row, index) => h("div", { class: "rf-condition" },
      select(`field-${index}`, row.path, fields.map(optionOf), (path) => put(index, begun(fields.find((one) => one.path === path))), { "aria-label": say("field") }),
      select(`operator-${index}`, row.operator, operators(fields.find(({ path }) => path === row.path), row), (operator) => put(index, turned(row, operator)), { "aria-label": say("operator") }),
      value(fields.find(({ path }) => path === row.path), row, index, (changed) => put(index, { value: changed })),
      dropper(`drop-${index}`, say("condition_drop"), () => change({ joined, rows: rows.filter((_, at) => at !== index) })))),
    fields.length ? h("div", {}, button("condition-add", say("condition_add"), add, "plus")) : note(say("no_fields")));
}

const optionOf = ({ path, label, from }) => ({ value: path, label: from ? `${from} · ${label}` : label || path });
const isOpen = (field) => !field || (!field.kind && !field.choices?.length); // handed over: of any kind
const isFlag = (field) => field && /checkbox|boolean|flag/.test(field.kind ?? "") && !field.choices?.length;
const isNumber = (field) => field && /number|integer|decimal|money/.test(field.kind ?? "");

/** The first row about a field: its first choice, or given, or yes. */
function begun(field) {
  const first = { path: field.path, operator: "==", decimal: /decimal|money/.test(field.kind ?? "") };
  if (isFlag(field)) return { ...first, value: true };
  if (isNumber(field)) return { ...first, operator: ">", value: 0 };
  if (field.choices?.length) return { ...first, value: field.choices[0].value };
  return { ...first, operator: "!=", value: null };
}

function operators(field, row) {
  const names = isFlag(field) || typeof row.value === "boolean" || row.value === null ? ["==", "!="] : isNumber(field) || typeof row.value === "number" ? ["==", "!=", "<", "<=", ">", ">="] : ["==", "!=", "in"];
  const all = names.includes(row.operator) ? names : [...names, row.operator];
  return all.map((name) => ({ value: name, label: say(`operator_${SPOKEN[name]}`) }));
}
const SPOKEN = { "==": "is", "!=": "is_not", "<": "less", "<=": "at_most", ">": "more", ">=": "at_least", in: "one_of" };

function turned(row, operator) {
  if (operator === "in" && !Array.isArray(row.value)) return { operator, value: [row.value] };
  return { operator, value: operator !== "in" && Array.isArray(row.value) ? row.value[0] : row.value };
}

function value(field, row, index, change) {
  const key = `value-${index}`;
  const label = { "aria-label": say("value") };
  const none = { value: "None", label: say("nothing") };
  if (Array.isArray(row.value)) {
    const choices = field?.choices?.length ? field.choices : row.value.map((one) => ({ value: one, label: one }));
    return h("div", { class: "rf-condition-many" }, choices.map((one) => tick(key, one, row.value, change)));
  }
  if (typeof row.value === "boolean") {
    const options = [{ value: "True", label: say("yes") }, { value: "False", label: say("no") }, none];
    return select(key, row.value ? "True" : "False", options, (text) => change(text === "None" ? null : text === "True"), label);
  }
  if (field?.choices?.length) {
    return select(key, row.value === null ? "None" : String(row.value), [...field.choices.map(({ value: one, label: words }) => ({ value: String(one), label: words || one })), none], (text) => change(text === "None" ? null : text), label);
  }
  if (typeof row.value === "number") return input(key, String(row.value), (text) => change(Number(text) || 0), { type: "number", step: "any", ...label });
  if (row.value === null) return select(key, "None", isFlag(field) || isOpen(field) ? [{ value: "True", label: say("yes") }, { value: "False", label: say("no") }, none] : [none], (text) => change(text === "None" ? null : text === "True"), label);
  return input(key, row.value, change, label);
}

function tick(key, { value: one, label }, chosen, change) {
  const box = h("input", { type: "checkbox", class: "form-check-input", "data-key": `${key}-${one}`, checked: chosen.includes(one), onchange: () => {
    const next = box.checked ? [...chosen, one] : chosen.filter((other) => other !== one);
    if (next.length) change(next);
    else box.checked = true; // a list of nothing holds for nobody
  } });
  return h("label", { class: "form-check" }, box, " ", label || one);
}

/** The panel of a gateway: which flow is taken when no condition holds. */
export function gateway(context) {
  const { element, nameOf } = context;
  if (!decides(element)) return null;
  const options = [{ value: "", label: say("choose") }, ...element.outgoing.map((one) => ({ value: one.id, label: one.businessObject.name || say("flow_to", { step: nameOf(one.target) }) }))];
  const choose = (id) => id && makeDefault({ ...context, element: element.outgoing.find((one) => one.id === id) });
  return section("default", "route", say("default_flow"),
    select("default", element.businessObject.default?.id ?? "", options, choose, { "aria-label": say("default_flow") }), note(say("default_flow_about")));
}
