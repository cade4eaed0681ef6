// The decision table's page: [data-decision-canvas] holds dmn-js's table; problems mark its rows, columns and cells.
import { choosing } from "./studio/choose";
import { ask, h, island, say } from "./studio/shared/page";
import { problemsList } from "./studio/shared/problems";
import { keep, loaded } from "./studio/shared/saving";
import { DecisionTable } from "./studio/decisions/table";
import "./studio/decisions/decisions.css";

const PLACE = /(cell|result) (\d+)\.(\d+)/; // as the lint says where in a row an expression stands
const LOOKS = {
  error: "box-shadow: inset 0 0 0 2px #b02a1c; background: #fbe8e4;",
  warning: "box-shadow: inset 0 0 0 2px #8a5200; background: #fbefd8;",
};
const marks = new CSSStyleSheet();
document.adoptedStyleSheets.push(marks);
const canvas = document.querySelector("[data-decision-canvas]");
const table = new DecisionTable(canvas);
const list = problemsList({ name: nameOf, show: (problem) => {
  const place = placesOf(problem).join(", ");
  if (place) canvas.querySelector(place)?.scrollIntoView({ block: "center", inline: "center" });
} });
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

// Where a problem stands, as selectors: one cell where its text names it, else the whole row or column. A style sheet of its own
// holds the marks, since the table draws its cells anew whenever it likes.
function placesOf({ element, message }) {
  if (!element) return [];
  const row = logic()?.rule?.find(({ id }) => id === element);
  const place = message.match(PLACE);
  const cell = row && place && (place[1] === "cell" ? row.inputEntry : row.outputEntry)[place[3] - 1];
  if (cell) return [`td[data-element-id="${CSS.escape(cell.id)}"]`];
  return [`tbody td[data-row-id="${CSS.escape(element)}"]`, `th[data-col-id="${CSS.escape(element)}"]`];
}

function mark() {
  const rules = told.filter(({ file }) => file === island.path).map((problem) => {
    const places = placesOf(problem).map((place) => `.rf-decision-canvas .dmn-decision-table-container ${place}`);
    return places.length ? `${places.join(", ")} { ${LOOKS[problem.severity] ?? ""} }` : "";
  });
  marks.replaceSync(rules.join("\n"));
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
