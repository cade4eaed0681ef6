// The buttons over the diagram: [data-do] undo, redo, tidy, zoom-in, zoom-out, fit, try.
import { say } from "../shared/page";
import { fitted } from "./modeler";

const STEP = 1.25;

export function toolbar(modeler, { locked }) {
  const canvas = modeler.get("canvas");
  const stack = modeler.get("commandStack");
  const zoom = (factor) => canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor)));
  const deeds = {
    undo: () => stack.undo(),
    redo: () => stack.redo(),
    tidy: () => tidy(modeler),
    "zoom-in": () => zoom(STEP),
    "zoom-out": () => zoom(1 / STEP),
    fit: () => fitted(modeler, "all"),
    try: () => modeler.get("toggleMode").toggleMode(),
  };
  const buttons = new Map([...document.querySelectorAll("[data-do]")].map((button) => [button.dataset.do, button]));
  for (const [name, button] of buttons) button.addEventListener("click", deeds[name]);

  let trying = false;
  const draw = () => {
    buttons.get("undo").disabled = trying || !stack.canUndo();
    buttons.get("redo").disabled = trying || !stack.canRedo();
    buttons.get("tidy").disabled = trying || locked;
  };
  modeler.on("commandStack.changed", draw);
  modeler.on("tokenSimulation.toggleMode", ({ active }) => {
    trying = active;
    const button = buttons.get("try");
    button.setAttribute("aria-pressed", String(active));
    button.querySelector("span").textContent = say(active ? "try_end" : "try");
    document.querySelector("[data-panel]").inert = active || locked;
    document.querySelector("[data-studio]").dataset.trying = String(active);
    draw();
  });
  document.querySelector("[data-panel]").inert = locked;
  draw();
}

function tidy(modeler) {
  tell(modeler.get("tidy").run() ? say("tidied") : say("not_tidied"));
  fitted(modeler);
}

/** Say over the diagram what has just happened. */
function tell(words) {
  const notice = document.querySelector("[data-studio-notice]");
  notice.textContent = words;
  clearTimeout(said);
  said = setTimeout(() => { notice.textContent = ""; }, WHILE_MS);
}
let said = null;
const WHILE_MS = 6000;

