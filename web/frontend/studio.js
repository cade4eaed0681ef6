// The diagram editor of the studio: bpmn-js, our panel at the right, the problems below, each change saved by itself.
import { ask, h, island, say } from "./studio/shared/page";
import { problemsList } from "./studio/shared/problems";
import { keep, loaded } from "./studio/shared/saving";
import { initStories } from "./studio/shared/stories";
import { Marks } from "./studio/diagram/marks";
import { editor, fitted, viewer } from "./studio/diagram/modeler";
import { nameOf, Panel } from "./studio/diagram/panel";
import { helpFor } from "./studio/diagram/help";
import { toolbar } from "./studio/diagram/toolbar";
import "./studio.css";

const canvas = document.querySelector("[data-studio-canvas]");
const NARROW = matchMedia("(max-width: 767.98px)");

/** The diagram can't be opened: say so in its place; nothing of it is stored. */
function unreadable(error) {
  const said = h("section", { class: "rf-studio-unreadable", role: "alert" }, h("h2", {}, say("unreadable")), h("p", {}, say("unreadable_about")),
    h("p", { class: "rf-meta" }, String(error.message ?? error).slice(0, 300)), h("a", { class: "btn", href: `${island.base}versions` }, say("unreadable_back")));
  for (const name of ["panel", "problems"]) document.querySelector(`[data-${name}]`).remove();
  for (const button of document.querySelectorAll("[data-do]")) button.disabled = true;
  canvas.parentElement.replaceChildren(said);
  document.querySelector("[data-studio]").dataset.ready = "unreadable";
}

/** As people write it, so that a file of the folder and one of the browser differ in what was changed only. */
const written = (xml) => xml.replace(/&#(34|38|60|62);/g, (whole, code) => ENTITIES[code]);
const ENTITIES = { 34: "&quot;", 38: "&amp;", 60: "&lt;", 62: "&gt;" };

async function show(modeler, xml) {
  await modeler.importXML(xml);
  fitted(modeler);
}

async function look(file) {
  const modeler = viewer(canvas);
  await show(modeler, file.content);
  document.querySelector("[data-studio]").dataset.ready = "viewer";
}

async function edit(file) {
  const modeler = editor(canvas);
  canvas.modeler = modeler; // for the console and for tests
  const marks = new Marks(modeler);
  const panel = new Panel(modeler, document.querySelector("[data-panel]"));
  const registry = modeler.get("elementRegistry");
  const called = ({ element }) => (registry.get(element) ? nameOf(registry.get(element)) : element ?? "");
  const list = problemsList({ name: called, show: (problem) => marks.show(problem), help: (problem) => helpFor(problem, modeler, marks) });
  const judged = (problems) => {
    list.set(problems);
    marks.set(problems.filter((one) => one.file === island.path));
  };
  await show(modeler, file.content);
  const keeper = keep(file, {
    text: async () => {
      modeler.get("documentOrder").restore();
      return written((await modeler.saveXML({ format: true })).xml);
    },
    load: (xml) => modeler.importXML(xml),
    saved: ({ problems }) => {
      panel.forget();
      judged(problems);
    },
  });
  modeler.on("commandStack.changed", ({ trigger }) => trigger !== "clear" && keeper.changed());
  toolbar(modeler, { locked: !file.editable });
  initStories({ root: document.querySelector("[data-stories]"), viewer: modeler, opener: document.querySelector("[data-stories-open]"), ready: () => keeper.now() });
  document.querySelector("[data-studio]").dataset.ready = "editor";
  await keeper.restore();
  const wanted = new URLSearchParams(location.search).get("element");
  if (wanted) marks.show({ element: wanted });
  const answers = await Promise.all([ask("problems"), ask("catalogue")]);
  if (answers[0].status === 200) judged(answers[0].json.problems);
  if (answers[1].status === 200) panel.offer(answers[1].json);
  else panel.draw();
}

async function begin() {
  const file = await loaded();
  await (NARROW.matches ? look(file) : edit(file));
}

begin().catch(unreadable);
