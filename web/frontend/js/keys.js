// Keyboard of the inbox and of forms (screens, section 7). What a key does is written in the page:
//   [data-key-search] the search field (/)          [data-row] a row (j k), with inside:
//   [data-go="i"], [data-go="c"] links (g i, g c)      [data-open] (Enter), [data-claim] (c), a check box (x)
//   dialog[data-key-help] the list of keys (?)       form[data-task] (Ctrl+Enter), [data-save-draft] (Ctrl+S)
// Single letters rest inside fields, and everywhere once the check box data-remember="keys" is off (WCAG 2.1.4).
import { remembered } from "./remember";

const FIELDS = "input:not([type=checkbox], [type=radio], [type=button], [type=submit]), textarea, select, [contenteditable]";
let waiting = false; // for the letter after g

const row = () => document.activeElement?.closest("[data-row]");

function move(step) {
  const rows = [...document.querySelectorAll("[data-row]")];
  const place = rows.indexOf(row());
  const next = rows[place < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, place + step))];
  if (!next) return;
  next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: "nearest" });
}

const click = (selector, root = document) => root?.querySelector(selector)?.click();

const LETTERS = {
  "/": () => document.querySelector("[data-key-search]")?.focus(),
  "?": () => document.querySelector("dialog[data-key-help]")?.showModal(),
  j: () => move(1),
  k: () => move(-1),
  c: () => click("[data-claim]", row()),
  x: () => click("input[type=checkbox]", row()),
  g: () => { waiting = true; },
};

function letter(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (event.target.closest(FIELDS) || document.querySelector("dialog[open], .modal.show")) return;
  if (event.key === "Enter" && event.target.matches("[data-row]")) return click("[data-open]", event.target);
  if (remembered("keys") === "0") return;
  const action = waiting ? () => click(`[data-go="${CSS.escape(event.key)}"]`) : LETTERS[event.key];
  waiting = false;
  if (!action) return;
  event.preventDefault();
  action();
}

function withControl(event) {
  if (!(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest("form[data-task]") ?? document.querySelector("form[data-task]");
  if (!form || (event.key !== "Enter" && event.key !== "s")) return;
  event.preventDefault();
  if (event.key === "Enter") form.requestSubmit();
  else click("[data-save-draft]", form);
}

document.addEventListener("keydown", letter);
document.addEventListener("keydown", withControl);
