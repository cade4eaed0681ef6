// A deadline: what its expression means to the builder, and its timer and breach path on the diagram.
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";
import { call, quoted, unquoted } from "./calls";
import { free } from "./naming";
import { property, Writer } from "./properties";

export const SPANS = ["hours", "working_hours", "working_days", "days"];
export const KINDS = [...SPANS, "next_slot", "at"];
const EDGE = 30; // centre of a timer from its host's right edge, as the layouter draws it
const SMALL = 24; // the end of a breach path
const DROP = 52; // from the host's edge down to the centre of that end
const ROOM = DROP + SMALL / 2 + 10; // wanted below the host

/**
 * What the builder can show: {kind, amount, anchor} with amount "3" or a parameter's name in `parameter`, anchor an
 * expression ("" = on arrival); {kind: "next_slot", weekday, opens, closes, anchor}; {kind: "at", field}. Else null.
 */
export function read(expression) {
  const found = call(expression ?? "");
  if (!found) return null;
  const [kind, all] = found;
  const anchor = all.find((one) => one.startsWith("after="))?.slice("after=".length) ?? "";
  const plain = all.filter((one) => !/^[a-z_]+=(?!=)/.test(one));
  if (all.length !== plain.length + (anchor ? 1 : 0)) return null;
  if (SPANS.includes(kind) && plain.length === 1) {
    const parameter = parameterOf(plain[0]);
    return parameter || /^\d+(\.\d+)?$/.test(plain[0]) ? { kind, amount: parameter ? "" : plain[0], parameter, anchor } : null;
  }
  if (kind === "next_slot" && plain.length === 3 && plain.every((one) => unquoted(one) !== null)) {
    const [weekday, opens, closes] = plain.map(unquoted);
    return { kind, weekday, opens, closes, anchor };
  }
  if (kind === "at" && !anchor && plain.length === 1 && /^[a-z_]\w*\.\w+$/.test(plain[0])) return { kind, field: plain[0] };
  return null;
}

function parameterOf(text) {
  const found = call(text);
  return found?.[0] === "parameter" && found[1].length === 1 ? unquoted(found[1][0]) : null;
}

/** The expression of what the builder shows; "" while something is missing. */
export function write({ kind, amount, parameter, anchor, weekday, opens, closes, field }) {
  const after = anchor ? `, after=${anchor}` : "";
  if (kind === "at") return field ? `at(${field})` : "";
  if (kind === "next_slot") return weekday && opens && closes ? `next_slot(${quoted(weekday)}, ${quoted(opens)}, ${quoted(closes)}${after})` : "";
  const length = parameter ? `parameter(${quoted(parameter)})` : amount;
  return length ? `${kind}(${length}${after})` : "";
}

/** The timers that are deadlines of a step, in the order of the diagram. */
export function deadlinesOf(host) {
  const timers = (host.attachers ?? []).filter((shape) => is(shape, "bpmn:BoundaryEvent") && timerOf(shape));
  return timers.filter((shape) => property(shape, "deadline") !== undefined);
}

export function timerOf(shape) {
  return getBusinessObject(shape).get("eventDefinitions")?.find((one) => is(one, "bpmn:TimerEventDefinition"));
}

export const expressionOf = (shape) => {
  const timer = timerOf(shape);
  return (timer?.timeDate ?? timer?.timeCycle)?.body ?? "";
};

export class Deadlines {
  constructor(modeler) {
    this.writer = new Writer(modeler);
    for (const name of ["modeling", "elementFactory", "together", "elementRegistry", "moddle", "spaceTool", "canvas"]) {
      this[name] = modeler.get(name);
    }
  }

  /** Change the timer's expression, leaving all else. */
  change(shape, expression) {
    const timer = timerOf(shape);
    const slot = timer.timeCycle ? "timeCycle" : "timeDate";
    if (timer[slot]) this.writer.update(shape, timer[slot], { body: expression });
    else this.writer.update(shape, timer, { [slot]: this.writer.expression(expression, timer) });
  }

  /** Draw the timer at the host with its small end below; one step of undo. Gives the timer's shape. */
  add(host, { deadline, expression, name, breached }) {
    let timer = null;
    this.together.run(() => {
      this.makeRoom(host);
      const bottom = host.y + host.height;
      const x = host.x + host.width - EDGE - 60 * deadlinesOf(host).length;
      timer = this.elementFactory.createShape({
        type: "bpmn:BoundaryEvent", eventDefinitionType: "bpmn:TimerEventDefinition", cancelActivity: false,
      });
      this.rename(timer, `${host.id}_due`);
      timer.businessObject.name = name;
      timer = this.modeling.createShape(timer, { x, y: bottom }, host, { attach: true });
      this.change(timer, expression);
      this.writer.setOne(timer, "deadline", deadline);
      const end = this.elementFactory.createShape({ type: "bpmn:EndEvent", width: SMALL, height: SMALL });
      this.rename(end, `${host.id}_overdue`);
      end.businessObject.name = breached;
      const drawn = this.modeling.createShape(end, { x, y: bottom + DROP }, host.parent);
      this.modeling.connect(timer, drawn);
      this.writer.setOne(drawn, "breach", "default");
      for (const [shape, lower] of [[timer, 21], [drawn, 5]]) this.putLabel(shape, lower);
    });
    return timer;
  }

  /** Take a deadline away, and its breach path where that only tells of the breach. */
  remove(timer) {
    const ends = timer.outgoing.map((flow) => flow.target).filter((end) => property(end, "breach") === "default" && end.incoming.length === 1);
    this.modeling.removeElements([timer, ...ends]);
  }

  /** The name to the left of its shape, where no flow passes. */
  putLabel({ label, x, y }, lower) {
    if (label) this.modeling.moveShape(label, { x: x - label.width - 3 - label.x, y: y + lower - label.y });
  }

  rename(shape, id) {
    const { ids } = this.moddle;
    const object = shape.businessObject;
    ids.unclaim(object.id);
    object.id = free(id, ids);
    ids.claim(object.id, object);
    shape.id = object.id;
    shape.di.id = `${object.id}_di`;
  }

  /** Move what lies below, so that the breach path stays inside the host's lane. */
  makeRoom(host) {
    const middle = { x: host.x + host.width - EDGE, y: host.y + host.height };
    const lane = this.elementRegistry.find((one) => is(one, "bpmn:Lane") && inside(one, middle) && !one.children?.some((child) => is(child, "bpmn:Lane")));
    const frame = lane ?? (is(host.parent, "bpmn:SubProcess") || is(host.parent, "bpmn:Participant") ? host.parent : null);
    if (!frame) return;
    const lacking = Math.ceil((middle.y + ROOM - (frame.y + frame.height)) / 10) * 10;
    if (lacking <= 0) return;
    const all = this.canvas.getRootElement().children.flatMap(withChildren);
    const start = middle.y + 1;
    const { movingShapes, resizingShapes } = this.spaceTool.calculateAdjustments(all, "y", lacking, start);
    this.modeling.createSpace(movingShapes, resizingShapes, { x: 0, y: lacking }, "s", start);
  }
}

const withChildren = (element) => [element, ...(element.children ?? []).flatMap(withChildren)];
const inside = (box, { x, y }) => x >= box.x && x <= box.x + box.width && y >= box.y && y <= box.y + box.height;
