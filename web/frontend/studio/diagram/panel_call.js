// 操作: what a service task does and with which values; what a call activity hands over and brings back.
import { h, say } from "../shared/page";
import { button, dropper, expression, field, input, note, section, select } from "./fields";
import { operation, properties, property } from "./properties";

/** The operation of a service task and its parameters, each with what the registry says of it. */
export function service({ element, catalogue, writer }) {
  const set = operation(element) ?? { id: "", parameters: [] };
  const known = (catalogue.operations ?? []).find(({ name }) => name === set.id);
  const given = new Map(set.parameters);
  const options = [{ value: "", label: say("choose") }, ...(catalogue.operations ?? []).map(({ name, title }) => ({ value: name, label: title ? `${title} · ${name}` : name }))];
  const put = (name, value) => writer.setOperation(element, set.id, { ...Object.fromEntries(given), [name]: value });
  const swap = (name) => {
    const wanted = (catalogue.operations ?? []).find((one) => one.name === name)?.parameters ?? [];
    writer.setOperation(element, name, Object.fromEntries(wanted.filter((one) => given.has(one.name)).map((one) => [one.name, given.get(one.name)])));
  };
  const parameters = [...(known?.parameters ?? []), ...set.parameters.map(([name]) => ({ name })).filter(({ name }) => !known?.parameters?.some((one) => one.name === name))];
  return section("operation", "adjustments-horizontal", say("operation"),
    select("operation", set.id, options, swap, { "aria-label": say("operation") }),
    known?.about && note(known.about),
    parameters.map(({ name, required, about }) =>
      field(h("span", {}, h("code", {}, name), required ? ` ${say("required")}` : ""), expression(`parameter-${name}`, given.get(name), (value) => put(name, value)), about)),
    known?.results?.length ? note(say("operation_results", { results: known.results.join("、") })) : null);
}

/** The procedure that a call activity starts, with named inputs and outputs. */
export function call(context) {
  const { element, catalogue, modeling } = context;
  const called = element.businessObject.calledElement ?? "";
  const procedures = catalogue.procedures ?? [];
  const target = procedures.find(({ id }) => id === called);
  const options = [{ value: "", label: say("choose") }, ...procedures.map(({ id, title }) => ({ value: id, label: title || id }))];
  return section("call", "sitemap", say("call"),
    select("called", called, options, (value) => modeling.updateProperties(element, { calledElement: value || undefined }), { "aria-label": say("call") }),
    target && h("p", { class: "rf-meta" }, h("a", { href: `../${target.id.replaceAll("_", "-")}/` }, say("call_open"))),
    mapping(context, "input.", say("inputs"), say("inputs_about"), target?.inputs ?? []),
    mapping(context, "output.", say("outputs"), say("outputs_about"), []));
}

const NARROW = 18; // characters in a line

/** Rows of name and expression, kept as properties with a prefix; `wanted` are names that the other side reads. */
export function mapping({ element, writer, unfolded, unfold }, prefix, title, hint, wanted) {
  const set = properties(element, prefix);
  const names = [...set.map(([name]) => name), ...wanted.filter((name) => !set.some(([one]) => one === name))];
  const values = new Map(set);
  const rename = (old, name) => {
    if (!/^[a-z_]\w*$/.test(name) || values.has(name)) return;
    writer.set(element, { [`${prefix}${old}`]: null, [`${prefix}${name}`]: values.get(old) });
  };
  const adding = unfolded(prefix);
  return h("div", { class: "rf-mapping" }, h("h4", {}, title), note(hint),
    names.map((name) => h("div", { class: "rf-mapping-row" },
      values.has(name) ? input(`${prefix}name-${name}`, name, (value) => rename(name, value), { "aria-label": say("name_of_value"), class: "form-control rf-control rf-expression" }) : h("code", {}, name),
      expression(`${prefix}${name}`, values.get(name), (value) => writer.set(element, { [prefix + name]: value }), { "aria-label": name }, NARROW),
      values.has(name) && dropper(`drop-${prefix}${name}`, say("drop_value", { name }), () => writer.set(element, { [prefix + name]: null })))),
    adding ? input(`${prefix}new`, "", (name) => /^[a-z_]\w*$/.test(name) && !values.has(name) && writer.set(element, { [prefix + name]: "None" }), { "aria-label": say("name_of_value"), placeholder: say("name_of_value") })
      : h("div", {}, button(`${prefix}add`, say("add_value"), () => unfold(prefix), "plus")));
}

/** What a message carries. */
export const payload = (context) => mapping(context, "payload.", say("payload"), say("payload_about"), []);

/** Where a waiting case is looked up, and where it is found. */
export function correlation({ element, writer }) {
  return field(say("correlation"), expression("correlation", property(element, "correlation"), (value) => writer.set(element, { correlation: value })), say("correlation_about"));
}
