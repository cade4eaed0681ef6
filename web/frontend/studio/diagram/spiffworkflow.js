// What a diagram says to the engine beyond BPMN, so that the editor keeps and can change it (processes/README.md).
export default {
  name: "SpiffWorkflow",
  prefix: "spiffworkflow",
  uri: "http://spiffworkflow.org/bpmn/schema/1.0/core",
  xml: { tagAlias: "lowerCase" },
  types: [
    { name: "Properties", superClass: ["Element"], properties: [{ name: "properties", type: "Property", isMany: true }] },
    { name: "Property", superClass: ["Element"], properties: [text("name"), text("value")] },
    {
      name: "ServiceTaskOperator", superClass: ["Element"],
      properties: [text("id"), text("resultVariable"), { name: "parameterList", type: "Parameters" }],
    },
    { name: "Parameters", superClass: ["Element"], properties: [{ name: "parameters", type: "Parameter", isMany: true }] },
    { name: "Parameter", superClass: ["Element"], properties: [text("id"), text("type"), text("value")] },
    { name: "CalledDecisionId", superClass: ["Element"], properties: [{ name: "body", isBody: true, type: "String" }] },
  ],
};

function text(name) {
  return { name, isAttr: true, type: "String" };
}
