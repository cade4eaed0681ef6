// What the panel is built of. A control carries a key, so that it keeps the focus when the panel is drawn anew; what is
// typed counts when the control is left (change), one step of undo each.
import { h, icon, say } from "../shared/page";

export function section(name, symbol, title, ...children) {
  return h("section", { class: "rf-panel-section", "data-section": name }, h("h3", {}, icon(symbol), ` ${title}`), ...children);
}

/** A section that is folded until asked for; `count` says what it holds. */
export function fold(name, title, open, ...children) {
  const details = h("details", { class: "rf-panel-section rf-panel-fold", "data-section": name, "data-key": `fold-${name}` },
    h("summary", {}, icon("chevron-right"), ` ${title}`), ...children);
  details.open = open || opened.has(name);
  details.addEventListener("toggle", () => (details.open ? opened.add(name) : opened.delete(name)));
  return details;
}
const opened = new Set();

export function line(label, ...controls) {
  const [control] = controls;
  return h("div", { class: "rf-panel-line" }, h("label", { for: control.id || undefined }, label), ...controls);
}

/** A control with its label above it. */
export function field(label, control, hint) {
  return h("div", { class: "rf-panel-field" }, h("label", { for: control.id }, label), control, hint && h("p", { class: "rf-meta" }, hint));
}

export function select(key, value, options, change, attributes = {}) {
  const known = options.some((option) => option.value === value);
  const all = known ? options : [...options, { value, label: value || say("choose") }];
  const made = h("select", { id: `panel-${key}`, "data-key": key, class: "form-select rf-control", ...attributes, onchange: () => change(made.value) },
    all.map((option) => h("option", { value: option.value, disabled: option.disabled ?? false }, option.label)));
  made.value = value;
  return made;
}

export function input(key, value, change, attributes = {}) {
  const made = h("input", { id: `panel-${key}`, "data-key": key, class: "form-control rf-control", autocomplete: "off", value: value ?? "", ...attributes, onchange: () => change(made.value.trim()) });
  return made;
}

export function area(key, value, change, attributes = {}) {
  const made = h("textarea", { id: `panel-${key}`, "data-key": key, class: "form-control rf-control", rows: 3, ...attributes, onchange: () => change(made.value.trim()) });
  made.value = value ?? "";
  return made;
}

/** An expression, as it stands in the diagram. */
export function expression(key, value, change, attributes = {}, width = LINE) {
  const rows = Math.min(MOST_ROWS, Math.ceil((value?.length || 1) / width));
  return area(key, value, (text) => change(text.replace(/\s*\n\s*/g, " ")), { class: "form-control rf-control rf-expression", rows, spellcheck: "false", ...attributes });
}
const LINE = 38; // characters that stand in a line
const MOST_ROWS = 6;

export function check(key, checked, label, change) {
  const made = h("input", { type: "checkbox", id: `panel-${key}`, "data-key": key, class: "form-check-input", checked, onchange: () => change(made.checked) });
  return h("label", { class: "form-check rf-panel-check" }, made, " ", h("span", { class: "form-check-label" }, label));
}

/** A row of buttons of which one is chosen. */
export function choice(key, value, options, change) {
  return h("div", { class: "rf-panel-choice", role: "group" }, options.map((option) =>
    h("button", { type: "button", "data-key": `${key}-${option.value}`, "aria-pressed": String(option.value === value), onclick: () => change(option.value) }, option.label)));
}

export const button = (key, words, act, symbol) =>
  h("button", { type: "button", class: "btn btn-sm", "data-key": key, onclick: act }, symbol && icon(symbol), symbol && " ", words);

/** A button that takes a row away; its words are for readers. */
export const dropper = (key, words, act) =>
  h("button", { type: "button", class: "rf-panel-drop", "data-key": key, "aria-label": words, title: words, onclick: act }, icon("x"));

export const note = (text) => h("p", { class: "rf-meta" }, text);
