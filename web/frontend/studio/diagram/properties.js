// Reading and writing what stands in an element's extensions, each change through the command stack.
// A property is a name and a text; setting it to "" or null takes it away, and empty wrappers with it.
import { getBusinessObject } from "bpmn-js/lib/util/ModelUtil";

const PROPERTIES = "spiffworkflow:Properties";
const OPERATOR = "spiffworkflow:ServiceTaskOperator";
const DECISION = "spiffworkflow:CalledDecisionId";

const extensions = (element) => getBusinessObject(element).get("extensionElements")?.get("values") ?? [];
const entry = (element, type) => extensions(element).find((value) => value.$type === type);

/** The value of a property, or undefined. */
export function property(element, name) {
  return entry(element, PROPERTIES)?.get("properties")?.find((one) => one.name === name)?.value;
}

/** [[name, value]] of the properties whose name begins with `prefix`, the prefix taken off. */
export function properties(element, prefix = "") {
  const all = entry(element, PROPERTIES)?.get("properties") ?? [];
  return all.filter(({ name }) => name?.startsWith(prefix)).map(({ name, value }) => [name.slice(prefix.length), value ?? ""]);
}

/** {id, parameters: [[name, expression]]} of a service task's operation, or null. */
export function operation(element) {
  const found = entry(element, OPERATOR);
  return found ? { id: found.id, parameters: (found.parameterList?.parameters ?? []).map(({ id, value }) => [id, value ?? ""]) } : null;
}

export const decision = (element) => entry(element, DECISION)?.body ?? "";

/** The writing half: new Writer(modeler).set(element, {form: "x/y"}). */
export class Writer {
  constructor(modeler) {
    this.modeling = modeler.get("modeling");
    this.factory = modeler.get("bpmnFactory");
    this.together = modeler.get("together");
  }

  /** Set or take away properties, in one step of undo. */
  set(element, values) {
    this.together.run(() => {
      for (const [name, value] of Object.entries(values)) this.setOne(element, name, value);
    });
  }

  setOne(element, name, value) {
    const holder = entry(element, PROPERTIES);
    const known = holder?.get("properties").find((one) => one.name === name);
    if (value === undefined || value === null || value === "") {
      if (known) this.dropOne(element, holder, known);
    } else if (known) this.update(element, known, { value });
    else {
      const target = holder ?? this.add(element, PROPERTIES, { properties: [] });
      const made = this.make("spiffworkflow:Property", { name, value }, target);
      this.update(element, target, { properties: [...target.get("properties"), made] });
    }
  }

  dropOne(element, holder, known) {
    const rest = holder.get("properties").filter((one) => one !== known);
    if (rest.length) this.update(element, holder, { properties: rest });
    else this.remove(element, holder);
  }

  /** Name a service task's operation; `parameters` maps names to expressions, empty ones are left out. */
  setOperation(element, id, parameters) {
    this.together.run(() => {
      const known = entry(element, OPERATOR);
      if (!id) return known && this.remove(element, known);
      const holder = known ?? this.add(element, OPERATOR, {});
      const list = this.make("spiffworkflow:Parameters", {}, holder);
      list.parameters = Object.entries(parameters).filter(([, value]) => value !== "").map(([name, value]) => {
        const type = holder.parameterList?.parameters?.find((one) => one.id === name)?.type ?? "str";
        return this.make("spiffworkflow:Parameter", { id: name, type, value }, list);
      });
      this.update(element, holder, { id, parameterList: list.parameters.length ? list : undefined });
    });
  }

  setDecision(element, id) {
    this.together.run(() => {
      const known = entry(element, DECISION);
      if (!id) return known && this.remove(element, known);
      if (known) this.update(element, known, { body: id });
      else this.add(element, DECISION, { body: id });
    });
  }

  setDocumentation(element, text) {
    const object = getBusinessObject(element);
    const made = text ? [this.make("bpmn:Documentation", { text }, object)] : [];
    this.update(element, object, { documentation: made });
  }

  /** A sequence flow's condition; "" takes it away. */
  setCondition(flow, text) {
    const object = getBusinessObject(flow);
    const known = object.conditionExpression;
    if (text && known) return this.update(flow, known, { body: text });
    return this.update(flow, object, { conditionExpression: text ? this.expression(text, object) : undefined });
  }

  expression(body, parent) {
    return this.make("bpmn:FormalExpression", { body }, parent);
  }

  make(type, attributes, parent) {
    const made = this.factory.create(type, attributes);
    made.$parent = parent;
    return made;
  }

  update(element, object, attributes) {
    this.modeling.updateModdleProperties(element, object, attributes);
  }

  add(element, type, attributes) {
    const object = getBusinessObject(element);
    let holder = object.get("extensionElements");
    if (!holder) {
      holder = this.make("bpmn:ExtensionElements", { values: [] }, object);
      this.update(element, object, { extensionElements: holder });
    }
    const made = this.make(type, attributes, holder);
    this.update(element, holder, { values: [...holder.get("values"), made] });
    return made;
  }

  remove(element, value) {
    const object = getBusinessObject(element);
    const holder = object.get("extensionElements");
    const values = holder.get("values").filter((one) => one !== value);
    if (values.length) this.update(element, holder, { values });
    else this.update(element, object, { extensionElements: undefined });
  }
}
