// The two lists of the panel: the answers that a choice offers, and the form's rules.
import { h, icon, say } from "../shared/page";
import { insertion, labelled } from "./panel";

const REST_MS = 400;

/** The answers; `set(values)` takes them all. What a value has besides is kept. */
export function choiceTable(values, set, onTyped) {
  const rows = values.map((value) => ({ ...value }));
  const root = h("fieldset", { class: "rf-fields-choices" }, h("legend", { class: "form-label" }, say("choices")));
  const body = h("div", {});
  const later = rest(() => set(rows.map((row) => ({ ...row }))), onTyped);

  function cell(row, name) {
    const input = h("input", { class: `form-control rf-control${name === "value" ? " rf-fields-code" : ""}`, value: row[name] ?? "", placeholder: say(`choice_${name}`), "aria-label": say(`choice_${name}`) });
    input.addEventListener("input", () => { row[name] = input.value; later(); });
    return input;
  }
  function moved(from, to) {
    rows.splice(to, 0, ...rows.splice(from, 1));
    draw();
    later.now();
  }
  function draw() {
    body.replaceChildren(...rows.map((row, at) => h("div", { class: "rf-fields-choice" }, cell(row, "label"), cell(row, "value"), cell(row, "label_en"),
      button("chevron-up", say("up"), () => moved(at, at - 1), at === 0),
      button("x", say("remove"), () => { rows.splice(at, 1); draw(); later.now(); }))));
  }
  draw();
  const add = h("button", { type: "button", class: "btn btn-sm", onclick: () => {
    rows.push({ label: "", value: "", label_en: "" });
    draw();
    body.lastElementChild.querySelector("input").focus();
  } }, icon("plus"), " ", say("choice_add"));
  root.append(body, add);
  return root;
}

/** The form's rules: when the check is not true, the message stands at the field. */
export function ruleList(rules, keys, set, onTyped, reads) {
  const rows = rules.map((rule) => ({ ...rule }));
  const root = h("div", { class: "rf-fields-rules" });
  const later = rest(() => set(rows.map((row) => ({ ...row }))), onTyped);

  function typed(row, name, tag) {
    const input = h(tag, { class: `form-control rf-control${name === "check" ? " rf-fields-code" : ""}`, rows: tag === "textarea" ? 2 : null, value: row[name] ?? "" });
    input.addEventListener("input", () => { row[name] = input.value; later(); });
    return input;
  }
  function draw() {
    root.replaceChildren(...rows.map((row, at) => {
      const check = typed(row, "check", "textarea");
      const known = keys.some(([key]) => key === row.field) || !row.field ? keys : [[row.field, row.field], ...keys];
      const field = h("select", { class: "form-select rf-control", onchange: () => { row.field = field.value; later.now(); } },
        h("option", { value: "" }, say("choose")), known.map(([key, label]) => h("option", { value: key, selected: key === row.field }, label || key)));
      return h("fieldset", { class: "rf-fields-rule" }, h("legend", { class: "visually-hidden" }, `${say("rule")} ${at + 1}`),
        labelled(say("rule_check"), check, insertion(check, reads())), labelled(say("rule_field"), field),
        labelled(say("rule_message"), typed(row, "message", "input")), labelled(say("rule_message_en"), typed(row, "message_en", "input")),
        h("button", { type: "button", class: "btn btn-sm", onclick: () => { rows.splice(at, 1); draw(); later.now(); } }, icon("x"), " ", say("rule_remove")));
    }), h("button", { type: "button", class: "btn btn-sm", onclick: () => { rows.push({ check: "", field: "", message: "", message_en: "" }); draw(); } }, icon("plus"), " ", say("rule_add")));
  }
  draw();
  return root;
}

function rest(act, onTyped) {
  let waiting = null;
  const now = () => {
    clearTimeout(waiting);
    waiting = null;
    act();
  };
  const later = () => { clearTimeout(waiting); waiting = setTimeout(now, REST_MS); };
  later.now = now;
  onTyped(() => { if (waiting !== null) now(); });
  return later;
}

function button(symbol, label, act, disabled = false) {
  return h("button", { type: "button", class: "btn btn-sm btn-icon", "aria-label": label, title: label, onclick: act, disabled }, icon(symbol));
}
