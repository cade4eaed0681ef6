// The one button of a problem that helps: make what is lacking where that is plain, else lead to the place.
import { is } from "bpmn-js/lib/util/ModelUtil";
import { say } from "../shared/page";
import { deadlinesOf } from "./deadline";

export function helpFor(problem, modeler, marks) {
  const shape = problem.element && modeler.get("elementRegistry").get(problem.element);
  if (!shape) return null;
  const look = (section, control, press) => () => {
    marks.show(problem);
    setTimeout(() => { // after the panel was drawn
      const found = focusOn(section, control);
      if (press) found?.click();
    }, 60);
  };
  if (problem.code.startsWith("deadlines.") && is(shape, "bpmn:UserTask") && !deadlinesOf(shape).length) {
    return { words: say("help_deadline"), act: look("deadline", "[data-key=deadline-add]", true) };
  }
  return { words: say("help_show"), act: look(SECTIONS[problem.code.split(".")[0]]) };
}

const SECTIONS = { deadlines: "deadline", people: "who", gateways: "default" };

function focusOn(section, control = "input, select, textarea, button") {
  const place = section ? document.querySelector(`[data-panel] [data-section="${section}"]`) : document.querySelector("[data-panel] [data-key=name]");
  place?.scrollIntoView({ block: "nearest" });
  const found = place?.matches("input") ? place : place?.querySelector(control);
  found?.focus();
  return found;
}
