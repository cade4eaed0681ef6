// The list of problems below an editor: 必须改 before 建议改 before 提示, each with what to do and one button that helps.
//
//   const list = problemsList({ name, show, help })
//     name(problem)   what the element is called, in the editor's words; "" if it has none
//     show(problem)   bring the element into view; called when the row of a problem in this editor's file is clicked
//     help(problem)   {words, act} of the button, or null
//   list.set(problems)    [{code, severity, file, element, message}]
// A problem of another file leads to that file's editor. The page holds <section data-problems>.
import { h, icon, island, say } from "./page";

const EDITORS = [
  [/^forms\/[^/]+\/(.+)\.json$/, (name) => `forms/${name}`],
  [/^(.+)\.dmn$/, (name) => `decisions/${name}`],
  [/^documents\/(.+)\.typ$/, (name) => `documents/${name}`],
  [/^procedure\.toml$/, () => "parameters"],
  [/\.bpmn$/, () => ""],
];

export function addressOf({ file, element }) {
  for (const [pattern, address] of EDITORS) {
    const found = file?.match(pattern);
    if (found) return `${island.base}${address(found[1])}${element ? `?element=${encodeURIComponent(element)}` : ""}`;
  }
  return island.base;
}

export function problemsList({ name = ({ element }) => element ?? "", show = () => {}, help = () => null }) {
  const root = document.querySelector("[data-problems]");
  const list = h("ul", { class: "rf-problems-list" });
  const counts = h("span", { class: "rf-problems-counts", role: "status" });
  root.replaceChildren(
    h("div", { class: "rf-problems-head" }, h("h2", {}, say("problems")), counts, h("p", { class: "rf-meta" }, say("problems_about"))),
    list,
  );

  function pill(severity, number) {
    return number ? h("span", { class: `rf-problem-count rf-problem-${severity}` }, icon(symbolOf(severity)), ` ${say(severity)} ${number}`) : null;
  }

  function row(problem) {
    const mine = problem.file === island.path || (!problem.file && !problem.element);
    const aid = mine ? help(problem) : null;
    const target = mine
      ? h("button", { type: "button", class: "rf-problem-target", onclick: () => show(problem) })
      : h("a", { class: "rf-problem-target", href: addressOf(problem) });
    target.append(
      h("span", { class: "rf-problem-kind" }, icon(symbolOf(problem.severity)), ` ${say(problem.severity)}`),
      h("b", {}, (mine ? name(problem) : problem.element || problem.file) || ""),
      h("span", { class: "rf-problem-message" }, problem.message),
    );
    const button = aid && h("button", { type: "button", class: "btn btn-sm", onclick: aid.act }, aid.words);
    return h("li", { class: `rf-problem rf-problem-${problem.severity}`, "data-problem": problem.code, "data-element": problem.element }, target, button);
  }

  return {
    set(problems) {
      const sorted = [...problems].sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
      const count = (wanted) => sorted.filter(({ severity }) => severity === wanted).length;
      list.replaceChildren(...sorted.map(row));
      const none = sorted.length ? null : h("span", { class: "rf-meta" }, icon("check"), ` ${say("no_problems")}`);
      counts.replaceChildren(...[...SEVERITIES.map((severity) => pill(severity, count(severity))), none].filter(Boolean));
      root.dataset.errors = count("error");
    },
  };
}

const SEVERITIES = ["error", "warning", "hint"];
const SYMBOLS = { error: "alert-circle", warning: "alert-triangle", hint: "info-circle" };
export const symbolOf = (severity) => SYMBOLS[severity] ?? SYMBOLS.hint;
