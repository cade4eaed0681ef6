// 时限: the builder of a deadline. It shows what it understands; an expression beyond that is shown as it is and left
// untouched. Under it always a worked example, computed by the server with the company's calendar.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { ask, h, icon, island, say } from "../shared/page";
import { quoted } from "./calls";
import { deadlinesOf, Deadlines, expressionOf, KINDS, read, write } from "./deadline";
import { button, choice, dropper, expression, field, fold, input, line, note, section, select } from "./fields";
import { property } from "./properties";

const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const FIRST = { kind: "hours", amount: "24", anchor: "" };
const SLOT = { weekday: "thu", opens: "13:30", closes: "18:00" };

/** The section of a step: a card for each of its deadlines, and a button for another one. */
export function deadlines(context) {
  const { element, modeler } = context;
  const drawn = deadlinesOf(element);
  const add = () => {
    new Deadlines(modeler).add(element, {
      deadline: nextId(context), expression: write(FIRST), name: say("deadline_name"), breached: say("deadline_breached"),
    });
  };
  return section("deadline", "clock", say("deadline"),
    drawn.length === 0 && note(say("deadline_none")),
    drawn.map((timer) => card(context, timer)),
    h("div", {}, button("deadline-add", drawn.length ? say("deadline_another") : say("deadline_add"), add, "plus")),
    drawn.length === 0 && is(element, "bpmn:UserTask") && reasonForNone(context));
}

function reasonForNone({ element, writer }) {
  const value = property(element, "no_deadline");
  return field(say("no_deadline"), input("no-deadline", value, (text) => writer.set(element, { no_deadline: text }), { placeholder: say("no_deadline_example") }));
}

/** The panel of a boundary timer that was clicked itself. */
export function timer(context) {
  const { element } = context;
  if (property(element, "deadline") !== undefined) return section("deadline", "clock", say("deadline"), card(context, element));
  const make = button("make-deadline", say("make_deadline"), () => context.writer.set(element, { deadline: nextId(context) }));
  return [plainTimer(context), element.businessObject.cancelActivity === false && h("section", { class: "rf-panel-section" }, h("div", {}, make))];
}

/** A timer that is no deadline: an instant to wait for, or the times at which cases start. */
export function plainTimer({ element, modeler, writer }) {
  const starts = is(element, "bpmn:StartEvent");
  const change = (text) => new Deadlines(modeler).change(element, text);
  const shift = { key: "shift", options: ["none", "preceding", "following"].map((value) => ({ value, label: say(`shift_${value}`) })) };
  return section("timer", "clock", say(starts ? "timer_start" : "timer"),
    expression("timer", expressionOf(element), change, { "aria-label": say(starts ? "timer_start" : "timer") }),
    note(say(starts ? "timer_start_about" : "timer_about")),
    starts && field(say("shift"), select(shift.key, property(element, "shift") ?? "none", shift.options, (value) => writer.set(element, { shift: value === "none" ? "" : value }))),
    !starts && example(expressionOf(element)));
}

function card(context, shape) {
  const { modeler, unfolded, unfold } = context;
  const deadline = new Deadlines(modeler);
  const text = expressionOf(shape);
  const shown = read(text);
  const raw = `raw-${shape.id}`;
  const change = (changed) => {
    const next = write({ ...shown, ...changed });
    if (next && next !== text) deadline.change(shape, next);
  };
  return h("div", { class: "rf-deadline", "data-deadline": property(shape, "deadline") },
    h("div", { class: "rf-deadline-head" }, h("b", {}, property(shape, "deadline")), h("span", {}, shape.businessObject.name ?? ""),
      dropper(`drop-${shape.id}`, say("deadline_drop"), () => deadline.remove(shape))),
    shown ? builder(context, shape, shown, change) : note(say("deadline_raw")),
    example(text),
    (!shown || unfolded(raw)) && expression(raw, text, (value) => value && deadline.change(shape, value), { "aria-label": say("expression") }),
    h("p", { class: "rf-deadline-drawn" }, icon("sitemap"), ` ${say("deadline_drawn")} `, h("code", {}, text),
      shown && !unfolded(raw) && h("button", { type: "button", class: "rf-link", "data-key": `open-${raw}`, onclick: () => unfold(raw) }, say("write_expression"))),
    breach(context, shape));
}

function builder(context, shape, shown, change) {
  const key = `deadline-${shape.id}`;
  const kinds = KINDS.map((value) => ({ value, label: say(`kind_${value}`) }));
  const turn = (kind) => change(kind === "at" ? { kind, field: dates(context)[0]?.path ?? "" } : kind === "next_slot" ? { ...SLOT, kind } : { amount: "1", parameter: null, ...pick(shown), kind });
  const parts = [choice(key, shown.kind, kinds.filter(({ value }) => value !== "at" || shown.kind === "at" || dates(context).length), turn)];
  if (shown.kind === "at") {
    const options = dates(context).map((one) => ({ value: one.path, label: spoken(one) }));
    parts.push(line(say("deadline_field"), select(`${key}-field`, shown.field, options, (value) => change({ field: value }))));
    return parts;
  }
  const anchored = select(`${key}-anchor`, shown.anchor, anchors(context, shape), (anchor) => change({ anchor }), { "aria-label": say("from") });
  if (shown.kind === "next_slot") {
    const weekdays = WEEKDAYS.map((value) => ({ value, label: say(`day_${value}`) }));
    const at = (name) => input(`${key}-${name}`, shown[name], (value) => change({ [name]: value }), { type: "time", "aria-label": say(name) });
    parts.push(line(say("from"), anchored, h("span", {}, say("from_slot"))));
    parts.push(h("div", { class: "rf-panel-row" }, select(`${key}-weekday`, shown.weekday, weekdays, (weekday) => change({ weekday }), { "aria-label": say("weekday") }), at("opens"), "–", at("closes")));
    return parts;
  }
  parts.push(line(say("from"), anchored, h("span", {}, say("from_on"))), amount(context, key, shown, change));
  return parts;
}

const pick = ({ amount: length, parameter }) => (parameter || length ? { amount: length, parameter } : {});

/** A number, or a parameter of the procedure with its value and the way to change it. */
function amount({ catalogue }, key, shown, change) {
  const parameters = (catalogue.parameters ?? []).filter(({ value }) => typeof value === "number" || /^\d+(\.\d+)?$/.test(value));
  const unit = h("span", {}, say(`kind_${shown.kind}`));
  if (!shown.parameter) {
    const number = input(`${key}-amount`, shown.amount, (value) => change({ amount: value }), { type: "number", min: shown.kind === "working_days" ? "0" : "1", step: shown.kind.endsWith("days") ? "1" : "any", class: "form-control rf-control rf-amount", "aria-label": say("length") });
    const swap = parameters.length > 0 && select(`${key}-parameter`, "", [{ value: "", label: say("use_parameter") }, ...parameters.map(optionOf)], (name) => name && change({ parameter: name, amount: "" }), { "aria-label": say("use_parameter") });
    return h("div", { class: "rf-panel-row" }, number, unit, swap);
  }
  const known = parameters.find(({ name }) => name === shown.parameter);
  const options = [...parameters.map(optionOf), { value: "", label: say("use_number") }];
  return h("div", {},
    h("div", { class: "rf-panel-row" }, select(`${key}-parameter`, shown.parameter, options, (name) => change(name ? { parameter: name, amount: "" } : { parameter: null, amount: String(known?.value ?? 1) }), { "aria-label": say("use_parameter") }), unit),
    h("p", { class: "rf-meta" }, say("parameter_about"), " ", h("a", { href: `${island.base}parameters#${shown.parameter}` }, say("parameter_edit"))));
}

const optionOf = ({ name, title, value }) => ({ value: name, label: `${title || name}：${value}` });
const dates = ({ fields }) => fields.filter((one) => /date/.test(one.kind ?? "") || handed(one)); // one handed over has no kind
const handed = ({ kind, path }) => !kind && path.startsWith("input.");
const spoken = ({ path, label, from }) => (handed({ path }) ? say("anchor_input", { name: label }) : from ? `${from} · ${label}` : label);

/** From when: the arrival, the case's start, an earlier step's end, another deadline, a date that somebody filled in. */
function anchors(context, shape) {
  const mine = property(shape, "deadline");
  return [
    { value: "", label: say("anchor_arrival") },
    { value: "started_at()", label: say("anchor_start") },
    ...context.earlier().filter((step) => is(step, "bpmn:Activity")).map((step) => ({ value: `done_at(${quoted(step.id)})`, label: say("anchor_done", { step: context.nameOf(step) }) })),
    ...(context.catalogue.deadlines ?? []).filter((id) => id !== mine).map((id) => ({ value: `due_of(${quoted(id)})`, label: say("anchor_due", { deadline: id }) })),
    ...dates(context).map((one) => ({ value: handed(one) ? one.path : `at(${one.path})`, label: spoken(one) })),
  ];
}

function breach({ writer, modeling, nameOf }, shape) {
  const end = shape.outgoing[0]?.target;
  const plain = property(end ?? shape, "breach") === "default";
  const key = shape.id;
  return fold(`breach-${key}`, say("breach"), false,
    note(plain ? say("breach_plain") : say("breach_path", { step: end ? nameOf(end) : "" })),
    field(say("deadline_id"), input(`id-${key}`, property(shape, "deadline"), (value) => value && writer.set(shape, { deadline: value }))),
    field(say("name"), input(`name-${key}`, shape.businessObject.name, (value) => modeling.updateLabel(shape, value))),
    field(say("responsible"), expression(`responsible-${key}`, property(shape, "responsible"), (value) => writer.set(shape, { responsible: value })), say("responsible_about")),
    field(say("met_when"), expression(`met-${key}`, property(shape, "met_when"), (value) => writer.set(shape, { met_when: value })), say("met_when_about")));
}

/** The worked example, filled in when the server has answered. */
function example(text) {
  const place = h("div", { class: "rf-example", role: "status" }, h("b", {}, say("example")), h("div", {}, "…"));
  const fill = ({ examples = [], error = null, about = "" }) => {
    const lines = error ? [h("p", { class: "rf-error" }, error)] : examples.map((one) => h("p", {}, one));
    place.hidden = !lines.length;
    place.lastChild.replaceChildren(...lines, ...(about && !error ? [h("p", { class: "rf-meta" }, about)] : []));
  };
  if (!text) place.hidden = true;
  else if (computed.has(text)) fill(computed.get(text));
  else {
    ask(`example?expression=${encodeURIComponent(text)}`).then(({ status, json }) => {
      if (status === 200) computed.set(text, json);
      fill(status === 200 ? json : {});
    }, () => fill({}));
  }
  return place;
}
const computed = new Map(); // expression → answer; a parameter's value is changed on a page of its own

/** The next number that this procedure does not use, away from those of the manual. */
function nextId({ catalogue, modeler }) {
  const drawn = modeler.get("elementRegistry").getAll().map((one) => property(one, "deadline"));
  const used = new Set([...drawn, ...(catalogue.deadlines ?? [])]);
  let number = OURS;
  while (used.has(`T-${number}`)) number += 1;
  return `T-${number}`;
}
const OURS = 90;
