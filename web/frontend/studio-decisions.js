// The decision table's page: [data-decision-canvas] holds dmn-js's table; problems mark its rows, columns and cells.
import { choosing } from "./studio/choose";
import { ask, h, island, say } from "./studio/shared/page";
import { problemsList } from "./studio/shared/problems";
import { keep, loaded } from "./studio/shared/saving";
import { DecisionTable } from "./studio/decisions/table";
import "./studio/decisions/decisions.css";

const PLACE = /(cell|result) (\d+)\.(\d+)/; // as the lint says where in a row an expression stands
const canvas = document.querySelector("[data-decision-canvas]");
const table = new DecisionTable(canvas);
const list = problemsList({ name: nameOf, show: (problem) => cellsOf(problem)[0]?.scrollIntoView({ block: "center", inline: "center" }) });
let told = [];
let clean = ""; // what was loaded: given back to the letter as long as nothing was changed
let changed = false;

const logic = () => table.getActiveView()?.element.decisionLogic;

function nameOf({ element }) {
  const { rule = [], input = [], output = [] } = logic() ?? {};
  const row = rule.findIndex(({ id }) => id === element);
  if (row >= 0) return say("row", { number: row + 1 });
  const column = [...input, ...output].find(({ id }) => id === element);
  return column?.label ?? table.getActiveView()?.element.name ?? "";
}

// Where a problem stands: one cell where its text names it, else the whole row or column.
function cellsOf({ element, message }) {
  const place = message.match(PLACE);
  const row = [...canvas.querySelectorAll(`tbody td[data-row-id="${CSS.escape(element ?? "")}"]`)];
  if (place && row.length) {
    const kind = place[1] === "cell" ? ".input-cell" : ".output-cell";
    const cell = row.filter((one) => one.matches(kind))[place[3] - 1];
    if (cell) return [cell];
  }
  return row.length ? row : [...canvas.querySelectorAll(`[data-col-id="${CSS.escape(element ?? "")}"]`)];
}

function mark() {
  for (const cell of canvas.querySelectorAll(".rf-cell-error, .rf-cell-warning")) {
    cell.classList.remove("rf-cell-error", "rf-cell-warning");
    cell.removeAttribute("title");
  }
  for (const problem of told.filter(({ file }) => file === island.path)) {
    for (const cell of cellsOf(problem)) {
      cell.classList.add(`rf-cell-${problem.severity}`);
      cell.title = problem.message;
    }
  }
}

function tell(problems) {
  told = problems;
  list.set(problems);
  mark();
}

async function load(content) {
  await table.show(content);
  [clean, changed] = [content, false];
  mark();
}

function refused(reason) {
  canvas.replaceChildren(h("p", { class: "alert alert-danger m-3", role: "alert" }, `${say("not_opened")} ${reason}`));
}

async function begin() {
  const file = await loaded();
  await load(file.content);
  const text = async () => (changed ? table.text() : clean);
  const keeper = keep(file, { text, load: (content) => load(content).then(listen).catch((error) => refused(error.message)), saved: ({ problems }) => tell(problems) });
  let heard = null;

  function listen() {
    const viewer = table.getActiveViewer();
    if (viewer === heard) return;
    heard = viewer;
    const stack = viewer.get("commandStack");
    const buttons = ["undo", "redo"].map((name) => [name, document.querySelector(`[data-decision-do=${name}]`)]);
    for (const [name, button] of buttons) button.onclick = () => stack[name]();
    const state = () => {
      for (const [name, button] of buttons) button.disabled = !file.editable || !(name === "undo" ? stack.canUndo() : stack.canRedo());
    };
    viewer.on("elements.changed", () => {
      state();
      changed = true;
      keeper.changed();
      requestAnimationFrame(mark);
    });
    state();
  }
  listen();
  canvas.toggleAttribute("inert", !file.editable);
  choosing(() => keeper.now());
  await keeper.restore();
  canvas.dataset.ready = "yes";
  const { status, json } = await ask("problems");
  if (status === 200) tell(json.problems);
}

begin().catch((error) => refused(error.message));
