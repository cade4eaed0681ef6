// The form editor of bpmn.io with what our forms know: its palette holds our field types, its properties panel is ours.
import { FormEditor } from "@bpmn-io/form-js-editor";

export const TYPES = ["textfield", "textarea", "number", "datetime", "radio", "select", "checkbox", "checklist", "filepicker", "dynamiclist", "text"];

class OurTypes {
  static $inject = ["formFields"];

  constructor(formFields) {
    const all = formFields._formFields;
    formFields._formFields = Object.fromEntries(["default", ...TYPES].map((type) => [type, all[type]]));
  }
}

/** An editor in an element; an unknown field type makes `importSchema` fail with an error that names it. */
export function formEditor(container) {
  const additionalModules = [{ __init__: ["ourTypes"], ourTypes: ["type", OurTypes], propertiesPanel: ["value", null] }];
  return new FormEditor({ container, additionalModules, propertiesPanel: { parent: container } });
}

/** Every field of a schema with its parent, the form itself not among them. */
export function* fieldsOf(parent) {
  for (const field of parent.components ?? []) {
    yield field;
    yield* fieldsOf(field);
  }
}

export const keyOf = (field) => field.key ?? field.path ?? "";
export const labelOf = (field) => (field.type === "text" ? field.text : (field.label ?? field.dateLabel ?? field.timeLabel)) ?? "";
export const ROUTING = new Set(["number", "datetime", "select", "radio", "checkbox", "checklist"]);
export const routes = (field) => (field.type === "dynamiclist" ? (field.components ?? []).some(routes) : ROUTING.has(field.type) || Boolean(field.properties?.register));
