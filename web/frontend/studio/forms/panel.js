// The properties of the selected field, in the order of an owner's questions; of the form itself where none is selected.
// Every change goes through the editor's command stack, so that it can be undone.
import { h, icon, say } from "../shared/page";
import { fieldsOf, keyOf, labelOf, routes } from "./editor";
import { choiceTable, ruleList } from "./lists";

const REST_MS = 400; // of typing, before a text becomes a change
const CHOICES = ["select", "radio", "checklist"];
const REGISTERS = ["customer", "site", "contract", "contract_to_end", "crew", "equipment", "case", "person", "employee", "foreman", "project_manager", "department", "group"];
const DEFAULTS = ["radio", "select", "number", "textfield", "textarea"];

export class Panel {
  /** `known()`: [{path, label}] of the case's fields that an expression may read here. */
  constructor(root, editor, known) {
    Object.assign(this, { root, editor, known, pending: new Set() }); // pending: what was typed and is no change yet
    this.modeling = editor.get("modeling");
    editor.get("eventBus").on("selection.changed", () => this.show());
    editor.on("changed", () => { setTimeout(() => this.again()); }); // after the focus has gone; a value would end the event
    root.addEventListener("focusout", () => { setTimeout(() => this.settle()); }); // not while the focus moves
    this.keepFocus();
  }

  get form() { return this.editor._getState().schema; }

  get field() {
    const chosen = this.editor.get("selection").get();
    const found = chosen && this.editor.get("formFieldRegistry").get(chosen.id);
    return found && found.type !== "default" ? found : null;
  }

  /** Make changes of what was typed. */
  settle() {
    for (const change of this.pending) change();
  }

  show() {
    this.settle();
    this.pending.clear();
    const { field, form } = this;
    if (!form) return;
    this.target = field ?? form;
    this.root.replaceChildren(...(field ? this.ofField(field) : this.ofForm(form)).filter(Boolean));
  }

  // The canvas takes the focus whenever it draws the selected field anew; who is typing here gets it back.
  keepFocus() {
    let wanted = null;
    const canvas = document.querySelector("[data-form-canvas]");
    this.root.addEventListener("focusin", ({ target }) => { wanted = target; });
    document.addEventListener("pointerdown", ({ target }) => { wanted = target.closest?.("[data-form-panel] :is(input, select, textarea, button)") ?? null; }, true);
    document.addEventListener("keydown", ({ key }) => { if (key === "Tab") wanted = null; }, true);
    canvas.addEventListener("focusin", () => { if (wanted?.isConnected) wanted.focus(); });
  }

  /** What is being typed in stays; the rest follows the form. */
  again() {
    if (!this.root.contains(document.activeElement)) this.show();
    else if (this.field) this.root.querySelector("h2").textContent = labelOf(this.field) || keyOf(this.field);
  }

  edit(properties) {
    if (!this.root.isConnected || this.locked) return;
    this.modeling.editFormField(this.target, properties);
  }

  /** A change inside `validate` or `properties`; undefined takes the name away, and an emptied record with it. */
  editIn(record, name, value) {
    const made = { ...this.target[record] };
    if (value === undefined || value === "") delete made[name];
    else made[name] = value;
    this.edit({ [record]: Object.keys(made).length ? made : undefined });
  }

  // --- what is asked of a field
  ofField(field) {
    const key = keyOf(field);
    const heading = h("div", { class: "rf-fields-about" }, h("h2", {}, labelOf(field) || key), h("p", { class: "rf-meta" }, `${say(`type_${field.type}`)}${key ? ` · ${say("id")} ` : ""}`, key && h("code", {}, key)));
    return [heading, this.wording(field), field.type !== "text" && this.answer(field), this.when(field), field.type !== "text" && this.inProcess(field)];
  }

  wording(field) {
    if (field.type === "text") {
      return section("pencil", say("wording"), this.text(say("text"), field.text, (value) => this.edit({ text: value }), { rows: 3 }), this.own("text_en", { rows: 3 }));
    }
    return section("pencil", say("wording"), this.text(say("label"), labelOf(field), (value) => this.edit(this.labels(field, value))), this.own("label_en"), this.own("help"), this.own("help_en"));
  }

  labels(field, value) {
    if (field.type !== "datetime") return { label: value };
    const parts = { date: ["dateLabel"], time: ["timeLabel"], datetime: ["dateLabel", "timeLabel"] }[field.subtype ?? "date"];
    const more = field.label === undefined ? {} : { label: value };
    return { ...more, ...Object.fromEntries(["dateLabel", "timeLabel"].map((name) => [name, parts.includes(name) ? value : undefined])) };
  }

  answer(field) {
    const { type, validate = {}, properties = {} } = field;
    const limits = (...names) => h("div", { class: "rf-fields-pair" }, names.map((name) => this.whole(say(name), validate[name], (value) => this.editIn("validate", name, value))));
    const parts = [this.tick(say("required"), Boolean(validate.required), (on) => this.editIn("validate", "required", on || undefined))];
    if (type === "datetime") parts.push(this.choice(say("subtype"), field.subtype ?? "date", ["date", "time", "datetime"].map((one) => [one, say(`subtype_${one}`)]), (value) => this.subtype(field, value)));
    if (type === "number") parts.push(this.own("unit"), this.choice(say("digits"), String(field.decimalDigits ?? 0), [0, 1, 2, 3, 4, 5, 6].map((one) => [String(one), String(one)]), (value) => this.edit({ decimalDigits: Number(value) })), limits("min", "max"));
    if (type === "textfield") parts.push(this.tick(say("phone"), validate.validationType === "phone", (on) => this.editIn("validate", "validationType", on ? "phone" : undefined)));
    if (type === "textfield" || type === "textarea") parts.push(limits("minLength", "maxLength"));
    if (type === "filepicker") parts.push(this.tick(say("multiple"), Boolean(field.multiple), (on) => this.edit({ multiple: on })), this.text(say("accept"), field.accept ?? "", (value) => this.edit({ accept: value || undefined })));
    if (["select", "checklist", "textfield"].includes(type)) parts.push(this.choice(say("register"), properties.register ?? "", [["", say("register_none")], ...REGISTERS.map((one) => [one, say(`register_${one}`)])], (value) => this.register(field, value)));
    if (CHOICES.includes(type) && !properties.register) parts.push(choiceTable(field.values ?? [], (values) => this.edit({ values }), (change) => this.pending.add(change)));
    if (DEFAULTS.includes(type) && !properties.register) parts.push(this.default(field));
    return section("list-check", say("answer"), ...parts);
  }

  subtype(field, value) {
    const label = labelOf(field);
    const parts = { date: ["dateLabel"], time: ["timeLabel"], datetime: ["dateLabel", "timeLabel"] }[value];
    const time = value === "date" ? undefined : { timeSerializingFormat: field.timeSerializingFormat ?? "no_timezone", timeInterval: field.timeInterval ?? 15, use24h: field.use24h ?? true };
    this.edit({ subtype: value, dateLabel: parts.includes("dateLabel") ? label : undefined, timeLabel: parts.includes("timeLabel") ? label : undefined, ...(time ?? { timeSerializingFormat: undefined, timeInterval: undefined, use24h: undefined }) });
    this.show();
  }

  register(field, value) {
    const properties = { ...field.properties };
    if (value) properties.register = value;
    else delete properties.register;
    this.edit({ properties, values: value ? undefined : (field.values ?? []) });
    this.show();
  }

  default(field) {
    const set = (value) => this.edit({ defaultValue: value === "" ? undefined : value });
    const now = field.defaultValue === undefined || field.defaultValue === null ? "" : String(field.defaultValue);
    if (CHOICES.includes(field.type)) return this.choice(say("default"), now, [["", say("default_none")], ...(field.values ?? []).map(({ value, label }) => [value, label])], set);
    if (field.type === "number" && !field.decimalDigits) return this.whole(say("default"), field.defaultValue, (value) => this.edit({ defaultValue: value }));
    return this.text(say("default"), now, set);
  }

  when(field) {
    const parts = [this.expression("show_if", field)];
    if (field.type !== "text") parts.push(this.expression("prefill", field));
    return section("adjustments-horizontal", say("when"), ...parts);
  }

  inProcess(field) {
    const parts = [this.text(say("key"), keyOf(field), (value) => this.rename(field, value.trim()), { code: true, about: say(routes(field) ? "key_routes" : "key_private") })];
    if (field.type === "datetime" && field.subtype === "datetime") parts.push(this.flag("counts_as_done"));
    parts.push(this.flag("subject"));
    if (!["textarea", "dynamiclist"].includes(field.type)) parts.push(this.tick(say("half"), field.layout?.columns === 8, (on) => this.edit({ layout: { ...field.layout, columns: on ? 8 : null } })));
    return section("route", say("in_process"), ...parts);
  }

  rename(field, key) {
    if (!key || key === keyOf(field)) return;
    const siblings = this.editor.get("formFieldRegistry").get(field._parent)?.components ?? [];
    if (siblings.some((one) => one !== field && keyOf(one) === key)) return; // the editor can't hold two; the old one stays
    if (field.type === "dynamiclist") this.edit(field.key === undefined ? { path: key } : { key, path: key });
    else this.edit({ key });
  }

  // --- what is asked of the form
  ofForm(form) {
    const heading = h("div", { class: "rf-fields-about" }, h("h2", {}, form.title || say("form")), h("p", { class: "rf-meta" }, say("form_about")));
    const titles = section("pencil", say("wording"), this.text(say("title"), form.title ?? "", (title) => this.edit({ title })), this.text(say("title_en"), form.title_en ?? "", (value) => this.edit({ title_en: value })));
    const keys = [...fieldsOf(form)].filter(({ type }) => type !== "text").map((field) => {
      const parent = this.editor.get("formFieldRegistry").get(field._parent);
      const key = parent && parent.type === "dynamiclist" ? `${keyOf(parent)}.${keyOf(field)}` : keyOf(field);
      return [key, labelOf(field)];
    });
    const rules = ruleList(form.rules ?? [], keys, (found) => this.edit({ rules: found.length ? found : undefined }), (change) => this.pending.add(change), () => this.reads(form));
    return [heading, titles, section("shield-check", say("rules"), h("p", { class: "rf-meta" }, say("rules_about")), rules)];
  }

  // --- the parts
  own(name, more = {}) {
    return this.text(say(name), this.target.properties?.[name] ?? "", (value) => this.editIn("properties", name, value), more);
  }

  flag(name) {
    const now = this.target.properties?.[name];
    return this.tick(say(name), now === true || now === "true", (on) => this.editIn("properties", name, on ? "true" : undefined));
  }

  text(label, value, set, { rows, code, about } = {}) {
    const input = h(rows ? "textarea" : "input", { class: `form-control rf-control${code ? " rf-fields-code" : ""}`, value, rows, disabled: this.locked, autocomplete: "off" });
    this.typed(input, set);
    return labelled(label, input, about && h("p", { class: "rf-meta" }, about));
  }

  whole(label, value, set) {
    const input = h("input", { class: "form-control rf-control", value: value ?? "", inputmode: "decimal", disabled: this.locked });
    this.typed(input, (text) => set(text.trim() === "" ? undefined : Number.isFinite(Number(text)) ? Number(text) : text));
    return labelled(label, input);
  }

  typed(input, set) {
    let waiting = null;
    const settle = () => {
      clearTimeout(waiting);
      if (waiting === null) return;
      waiting = null;
      set(input.value);
    };
    input.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(settle, REST_MS); });
    this.pending.add(settle);
  }

  choice(label, value, options, set) {
    const known = options.some(([one]) => one === value) ? options : [...options, [value, value]];
    const select = h("select", { class: "form-select rf-control", disabled: this.locked, onchange: () => set(select.value) }, known.map(([one, words]) => h("option", { value: one, selected: one === value }, words)));
    return labelled(label, select);
  }

  tick(label, on, set) {
    const box = h("input", { class: "form-check-input", type: "checkbox", checked: on, disabled: this.locked, onchange: () => set(box.checked) });
    return h("label", { class: "form-check" }, box, " ", h("span", { class: "form-check-label" }, label));
  }

  /** What an expression may read: fields of this form whose values route, and the case's. */
  reads(field) {
    const parent = field.type === "default" ? field : this.editor.get("formFieldRegistry").get(field._parent);
    const own = (parent?.components ?? []).filter((one) => one !== field && routes(one)).map((one) => ({ path: keyOf(one), label: labelOf(one) }));
    return [[say("own_fields"), own], [say("case_fields"), this.known()]];
  }

  expression(name, field) {
    const input = h("textarea", { class: "form-control rf-control rf-fields-code", rows: 2, value: field.properties?.[name] ?? "", disabled: this.locked, spellcheck: "false" });
    this.typed(input, (value) => this.editIn("properties", name, value.trim()));
    return labelled(say(name), input, insertion(input, this.reads(field), this.locked), h("p", { class: "rf-meta" }, say(`${name}_about`)));
  }
}

/** A list that puts a field's name where the cursor stands. */
export function insertion(input, groups, disabled) {
  const filled = groups.filter(([, fields]) => fields.length);
  if (!filled.length) return null;
  const select = h("select", { class: "form-select rf-control rf-fields-insert", "aria-label": say("insert"), disabled, onchange: () => {
    input.setRangeText(select.value, input.selectionStart, input.selectionEnd, "end");
    select.value = "";
    input.dispatchEvent(new Event("input"));
    input.focus();
  } }, h("option", { value: "" }, say("insert")), filled.map(([label, fields]) => h("optgroup", { label }, fields.map((one) => h("option", { value: one.path }, one.label ? `${one.label} · ${one.path}` : one.path)))));
  return select;
}

function section(symbol, title, ...parts) {
  return h("section", { class: "rf-fields-part" }, h("h3", {}, icon(symbol), " ", title), ...parts);
}

let labels = 0;

/** A control with its label above it and what else belongs to it below. */
export function labelled(label, control, ...more) {
  labels += 1;
  control.id = `field-${labels}`;
  return h("div", { class: "rf-fields-field" }, h("label", { class: "form-label", for: control.id }, label), control, ...more);
}
