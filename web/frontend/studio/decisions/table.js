// dmn-js cut down to one decision table in our own expression language: no FEEL, no diagram of decisions, no types, and the hit
// policies that the lint allows. Its parts are taken one by one, so that the bundle holds no editor for what is left out.
import EditingManager from "dmn-js-shared/lib/base/EditingManager";
import { is } from "dmn-js-shared/lib/util/ModelUtil";
import Viewer from "dmn-js-decision-table/lib/Viewer";
import addRule from "dmn-js-decision-table/lib/features/add-rule";
import annotations from "dmn-js-decision-table/lib/features/annotations/editor";
import cellSelection from "dmn-js-decision-table/lib/features/cell-selection";
import columnResize from "dmn-js-decision-table/lib/features/column-resize";
import contextMenu from "dmn-js-decision-table/lib/features/context-menu";
import copyCutPaste from "dmn-js-decision-table/lib/features/copy-cut-paste";
import copyCutPasteKeys from "dmn-js-decision-table/lib/features/copy-cut-paste/key-bindings";
import createInputs from "dmn-js-decision-table/lib/features/create-inputs";
import rules from "dmn-js-decision-table/lib/features/decision-rules/editor";
import head from "dmn-js-decision-table/lib/features/decision-table-head/editor";
import properties from "dmn-js-decision-table/lib/features/decision-table-properties/editor";
import dragAndDrop from "dmn-js-decision-table/lib/features/drag-and-drop";
import actions from "dmn-js-decision-table/lib/features/editor-actions";
import hitPolicy from "dmn-js-decision-table/lib/features/hit-policy/editor";
import { HIT_POLICIES } from "dmn-js-decision-table/lib/features/hit-policy/HitPolicies";
import keyboard from "dmn-js-decision-table/lib/features/keyboard";
import modeling from "dmn-js-decision-table/lib/features/modeling";
import viewDiagram from "dmn-js-decision-table/lib/features/view-drd";
import interaction from "table-js/lib/features/interaction-events";
import selection from "table-js/lib/features/selection";
import tableContextMenu from "table-js/lib/features/context-menu";
import tableActions from "table-js/lib/features/editor-actions";
import WORDS from "./words.json";

const ALLOWED = ["UNIQUE", "FIRST", "COLLECT"]; // as engine/workflow/lint/decisions.py
HIT_POLICIES.splice(0, HIT_POLICIES.length, ...HIT_POLICIES.filter(({ value }) => ALLOWED.includes(value.hitPolicy) && !value.aggregation));

const PARTS = [
  ...[addRule, annotations, cellSelection, columnResize, contextMenu, copyCutPaste, copyCutPasteKeys, createInputs, rules, head],
  ...[properties, dragAndDrop, actions, hitPolicy, keyboard, modeling, interaction, selection, tableContextMenu, tableActions],
];
const OURS = {
  translate: ["value", (text, values = {}) => (WORDS[text] ?? text).replace(/{ ?(\w+) ?}/g, (whole, name) => values[name] ?? whole)],
  // types and predefined values are FEEL's; our cells hold our own expressions
  typeRefEditingProvider: ["value", null],
  allowedValuesEditingProvider: ["value", null],
  allowedValuesUpdateBehavior: ["value", null],
};

class Table extends Viewer {
  getModules() {
    return [...Viewer._getModules().filter((part) => part !== viewDiagram), ...PARTS, OURS];
  }
}

export class DecisionTable extends EditingManager {
  constructor(container) {
    const expressionLanguages = { options: [{ value: "renoflow", label: "" }], defaults: { editor: "renoflow" } };
    super({ container, decisionTable: { expressionLanguages } });
  }

  _getViewProviders() {
    return [{ id: "decisionTable", constructor: Table, opens: (element) => is(element, "dmn:Decision") && is(element.decisionLogic, "dmn:DecisionTable") }];
  }

  /** The file's text. A type that the editor gave to a new column goes: nothing reads it. */
  async text() {
    const { decisionLogic } = this.getActiveView().element;
    const typed = [...(decisionLogic.input ?? []).map((column) => column.inputExpression), ...(decisionLogic.output ?? [])];
    for (const one of typed) if (one?.typeRef && !this.typesOfFile.has(one.id)) one.typeRef = undefined;
    return (await this.saveXML({ format: true })).xml;
  }

  async show(text) {
    const answer = await this.importXML(text);
    const { element } = this.getActiveView() ?? {};
    if (!element) throw new Error("");
    const { input = [], output = [] } = element.decisionLogic;
    this.typesOfFile = new Set([...input.map((column) => column.inputExpression), ...output].filter((one) => one?.typeRef).map(({ id }) => id));
    return answer;
  }
}
