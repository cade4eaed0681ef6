// The properties panel: what the chosen shape is, then the owner's questions in their order (谁来办 · 时限 · 表单 · 操作 ·
// 说明 · 条件). It is drawn anew after every change of the diagram or the selection; the focus stays where it was.
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";
import { ask, h, icon, say } from "../shared/page";
import { field, input, note, section } from "./fields";
import { SPEAKING } from "./naming";
import { call, service } from "./panel_call";
import { deadlines } from "./panel_deadline";
import { event } from "./panel_event";
import { flow, gateway } from "./panel_flow";
import { about, form, lane, laneOf, repetition, rule, who } from "./panel_task";
import { property, Writer } from "./properties";

const KINDS = [
  ["bpmn:UserTask", "user_task", "user"], ["bpmn:ServiceTask", "service_task", "settings"],
  ["bpmn:BusinessRuleTask", "rule_task", "table"], ["bpmn:CallActivity", "call_activity", "sitemap"],
  ["bpmn:SubProcess", "sub_process", "folder"], ["bpmn:BoundaryEvent", "boundary", "clock"], ["bpmn:StartEvent", "start", "player-play"],
  ["bpmn:EndEvent", "end", "check"], ["bpmn:Event", "event", "bell"], ["bpmn:Gateway", "gateway", "route"],
  ["bpmn:SequenceFlow", "flow", "chevron-right"], ["bpmn:Lane", "lane", "users"], ["bpmn:Participant", "pool", "sitemap"],
];

export class Panel {
  constructor(modeler, root) {
    Object.assign(this, { modeler, root, catalogue: {}, open: new Set(), fields: new Map(), unsaved: false });
    this.writer = new Writer(modeler);
    modeler.on(["selection.changed", "commandStack.changed", "import.done"], () => this.later());
    modeler.on("selection.changed", () => this.open.clear());
    root.addEventListener("input", ({ target }) => { this.typing = target.matches("select, [type=checkbox]") ? null : target; });
    for (const over of ["change", "focusout"]) root.addEventListener(over, () => this.typed(), true);
    modeler.on("commandStack.changed", ({ trigger }) => { this.unsaved ||= trigger !== "clear"; });
  }

  /** What may be offered: the server's catalogue. */
  offer(catalogue) {
    this.catalogue = catalogue ?? {};
    this.later();
  }

  /** The draft was saved: other fields may exist now at a point. */
  forget() {
    this.unsaved = false;
    for (const known of this.fields.values()) known.stale = true;
    this.later();
  }

  later() {
    this.waiting ??= setTimeout(() => { // after the browser has moved the focus on
      this.waiting = null;
      this.draw();
    });
  }

  typed() {
    if (!this.typing) return;
    this.typing = null;
    this.later();
  }

  draw() {
    if (this.typing?.isConnected) return; // nothing takes away what is being typed; leaving the field draws anew
    const selected = this.modeler.get("selection").get();
    const element = selected.length === 1 ? selected[0].labelTarget ?? selected[0] : null;
    const focus = this.root.contains(document.activeElement) ? document.activeElement : null;
    const range = focus && [focus.selectionStart, focus.selectionEnd];
    const { scrollTop } = this.root;
    this.root.replaceChildren(...(element ? this.parts(element) : this.nothing(selected.length)).flat(2).filter(Boolean));
    this.root.scrollTop = element?.id === this.shown ? scrollTop : 0;
    this.shown = element?.id;
    if (focus?.dataset.key) restoreFocus(this.root.querySelector(`[data-key="${CSS.escape(focus.dataset.key)}"]`), range);
  }

  nothing(count) {
    return [section("nothing", "info-circle", say(count ? "many_chosen" : "nothing_chosen"), note(say("nothing_about")), note(say("nothing_keys")))];
  }

  parts(element) {
    const context = this.context(element);
    const task = is(element, "bpmn:UserTask");
    const host = task || is(element, "bpmn:SubProcess");
    return [
      this.head(context),
      task && who(context),
      host && deadlines(context),
      task && form(context),
      is(element, "bpmn:ServiceTask") && service(context),
      is(element, "bpmn:BusinessRuleTask") && rule(context),
      is(element, "bpmn:CallActivity") && call(context),
      is(element, "bpmn:Event") && event(context),
      is(element, "bpmn:SequenceFlow") && flow(context),
      is(element, "bpmn:Gateway") && gateway(context),
      is(element, "bpmn:Activity") && repetition(context),
      is(element, "bpmn:Lane") && lane(context),
      is(element, "bpmn:FlowNode") && about(context),
    ];
  }

  /** What the sections work with. */
  context(element) {
    const { modeler, writer, catalogue } = this;
    return {
      element, modeler, writer, catalogue, nameOf,
      modeling: modeler.get("modeling"),
      fields: this.fieldsAt(element),
      earlier: () => before(element),
      unfolded: (name) => this.open.has(name),
      unfold: (name) => { this.open.add(name); this.later(); },
    };
  }

  /**
   * The fields that exist at a point, as of the last save: asked for once until the next. A flow's are those of its split.
   * The server knows nothing of what is not saved yet.
   */
  fieldsAt(element) {
    const id = is(element, "bpmn:SequenceFlow") ? element.source?.id : element.host?.id ?? element.id;
    const known = this.fields.get(id) ?? { list: [], stale: true };
    if (known.stale && !this.unsaved) {
      known.stale = false;
      this.fields.set(id, known);
      ask(`fields?element=${encodeURIComponent(id)}`).then(({ status, json }) => {
        if (status !== 200) return;
        known.list = json.fields;
        this.later();
      }, () => { known.stale = true; });
    }
    return known.list;
  }

  head({ element, modeling }) {
    const object = getBusinessObject(element);
    const [, kind, symbol] = KINDS.find(([type]) => is(element, type)) ?? [null, "other", "info-circle"];
    const lane = is(element, "bpmn:FlowNode") ? laneOf(element) : null;
    const rename = (name) => modeling.updateLabel(element, name);
    return h("section", { class: "rf-panel-section rf-panel-head" },
      h("div", { class: "rf-panel-title" }, h("h2", {}, icon(symbol), ` ${object.name || object.id}`), h("span", { class: "rf-meta" }, say(`is_${kind}`))),
      lane && h("p", { class: "rf-meta" }, say("in_lane", { lane: lane.name || lane.id })),
      h("div", { class: "rf-panel-pair" },
        field(say("name"), input("name", object.name, rename)),
        field(say("id"), input("id", object.id, (id) => this.renameId(element, id), { class: "form-control rf-control rf-expression", pattern: SPEAKING.source, title: say("id_about") }))));
  }

  /** A new id; a step whose form is named as the step keeps that form. */
  renameId(element, id) {
    const taken = this.modeler.get("moddle").ids.assigned(id);
    if (!SPEAKING.test(id) || (taken && taken !== getBusinessObject(element))) return this.later();
    const own = (this.catalogue.forms ?? []).find(({ key }) => key.endsWith(`/${element.id}`) && !property(element, "form"));
    this.modeler.get("together").run(() => {
      if (own && is(element, "bpmn:UserTask")) this.writer.setOne(element, "form", own.key);
      this.modeler.get("modeling").updateProperties(element, { id });
    });
  }
}

function restoreFocus(control, [start, end]) {
  control?.focus();
  if (Number.isInteger(start)) control?.setSelectionRange?.(start, end);
  else control?.select?.(); // a number's marks can't be read: as the tabulator leaves it
}

/** The activities from which flows lead to a shape, the nearest first; for one in a sub-process also those before that. */
function before(element) {
  const seen = new Set();
  let rim = [element.host ?? element];
  while (rim.length) {
    const next = rim.flatMap((one) => [...one.incoming.map((flow) => flow.source), one.host, is(one.parent, "bpmn:SubProcess") && one.parent]);
    rim = [...new Set(next.filter((one) => one && !seen.has(one)))];
    for (const one of rim) seen.add(one);
  }
  const around = new Set();
  for (let one = element.parent; one; one = one.parent) around.add(one);
  return [...seen].filter((one) => is(one, "bpmn:Activity") && one !== element && one !== element.host && !around.has(one));
}

/** What people call a shape. */
export function nameOf(element) {
  return getBusinessObject(element).name?.replace(/\s+/g, " ") || element.id;
}
