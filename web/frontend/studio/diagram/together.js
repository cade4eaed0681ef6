// Several changes that are one step of 撤销: modeler.get("together").run(() => { modeling.…; modeling.…; }).
class Together {
  constructor(commandStack) {
    this.commandStack = commandStack;
    commandStack.register("studio.together", { preExecute: ({ change }) => change() });
  }

  run(change) {
    this.commandStack.execute("studio.together", { change });
  }
}
Together.$inject = ["commandStack"];

export default { __init__: ["together"], together: ["type", Together] };
