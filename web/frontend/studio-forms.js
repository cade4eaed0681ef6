// The form editor's page: [data-form-canvas] holds the editor, [data-form-panel] what is asked of the selected field.
import { choosing } from "./studio/choose";
import { ask, h, island, say } from "./studio/shared/page";
import { problemsList } from "./studio/shared/problems";
import { keep, loaded } from "./studio/shared/saving";
import { fieldsOf, formEditor, keyOf, labelOf, TYPES } from "./studio/forms/editor";
import { Panel } from "./studio/forms/panel";
import { closed, filledIn, opened } from "./studio/forms/schema";
import "./studio/forms/forms.css";

const canvas = document.querySelector("[data-form-canvas]");
const editor = formEditor(canvas);
const stack = editor.get("commandStack");
const panel = new Panel(document.querySelector("[data-form-panel]"), editor, () => known);
const list = problemsList({ name: ({ element }) => labelOf(fieldNamed(element) ?? {}) || element || "", show: ({ element }) => select(element) });
let known = []; // fields of the case that an expression may read
let kept = null;
let last = ""; // the text that the editor shows, to tell a change from a selection

function fieldNamed(path) {
  return [...fieldsOf(panel.form ?? {})].find((field) => {
    const parent = editor.get("formFieldRegistry").get(field._parent);
    return path === (parent?.type === "dynamiclist" ? `${keyOf(parent)}.${keyOf(field)}` : keyOf(field)) || path === keyOf(field);
  });
}

function select(path) {
  const field = fieldNamed(path);
  editor.get("selection").set(field ?? panel.form);
}

const text = () => closed(editor.saveSchema(), kept);

async function load(content) {
  const read = opened(content);
  const strange = [...fieldsOf(read.schema)].map(({ type }) => type).filter((type) => !TYPES.includes(type));
  if (strange.length) throw new Error(say("unknown_type", { type: strange[0] }));
  kept = read.kept;
  await editor.importSchema(read.schema);
  filledIn([...fieldsOf(editor.saveSchema())], kept);
  last = text();
  panel.show();
}

function refused(reason) {
  canvas.replaceChildren(h("p", { class: "alert alert-danger m-3", role: "alert" }, `${say("not_opened")} ${reason}`));
}

async function begin() {
  const file = await loaded();
  panel.locked = !file.editable;
  await load(file.content);
  const settled = () => { panel.settle(); return text(); };
  const keeper = keep(file, { text: settled, load: (content) => load(content).catch((error) => refused(error.message)), saved: ({ problems }) => list.set(problems) });
  panel.root.addEventListener("input", () => keeper.changed());
  editor.on("changed", () => {
    if (!file.editable || text() === last) return;
    last = text();
    keeper.changed();
  });
  for (const [name, can] of [["undo", () => stack.canUndo()], ["redo", () => stack.canRedo()]]) {
    const button = document.querySelector(`[data-form-do=${name}]`);
    button.addEventListener("click", () => stack[name]());
    const tell = () => { button.disabled = panel.locked || !can(); };
    editor.get("eventBus").on("commandStack.changed", tell);
    tell();
  }
  document.querySelector("[data-form-preview]").addEventListener("click", async (event) => {
    event.preventDefault();
    await keeper.now();
    preview(event.currentTarget ?? document.querySelector("[data-form-preview]"));
  });
  canvas.toggleAttribute("inert", panel.locked);
  choosing(() => keeper.now());
  await keeper.restore();
  canvas.dataset.ready = "yes";
  const [problems, fields] = await Promise.all([ask("problems"), ask(`fields?element=${encodeURIComponent(island.form)}`)]);
  if (problems.status === 200) list.set(problems.json.problems);
  if (fields.status === 200) known = fields.json.fields;
  const wanted = new URLSearchParams(location.search).get("element");
  if (wanted) select(wanted);
  else panel.show();
}

// What staff will see, in two frames: a window of its own widths, so that the page's own rules for phones apply.
function preview(link) {
  const dialog = document.querySelector("[data-form-dialog]");
  for (const frame of dialog.querySelectorAll("iframe")) frame.src = link.href;
  dialog.showModal();
}

begin().catch((error) => refused(error.message));
