// A paper's template: [data-paper-text] with the numbers of its lines, saved as the other editors save, and its pages set with an
// invented case after each save. What typst does not understand stands at its line.
import { choosing } from "./studio/choose";
import { ask, h, island, say } from "./studio/shared/page";
import { problemsList } from "./studio/shared/problems";
import { keep, loaded } from "./studio/shared/saving";

const LINE = /^line (\d+): (.*)$/s;
const text = document.querySelector("[data-paper-text]");
const lines = document.querySelector("[data-paper-lines]");
const state = document.querySelector("[data-paper-state]");
const pages = document.querySelector("[data-paper-pages]");
const list = problemsList({ name: () => "", show: () => goTo(wrong) });
let wrong = 0; // the line that typst stumbles at
let asked = 0;

function number() {
  const count = text.value.split("\n").length;
  lines.replaceChildren(...Array.from({ length: count }, (_, at) => (at + 1 === wrong ? h("b", {}, `${at + 1}`) : `${at + 1}\n`)));
  lines.scrollTop = text.scrollTop;
}

function goTo(line) {
  if (!line) return;
  const before = text.value.split("\n").slice(0, line - 1).join("\n").length;
  text.focus();
  text.setSelectionRange(before + (line > 1 ? 1 : 0), before + (line > 1 ? 1 : 0));
  text.scrollTop = (line - 5) * 20;
}

function load(content) {
  text.value = content;
  number();
}

async function set() {
  asked += 1;
  const mine = asked;
  state.textContent = say("paper_setting");
  const { status, json } = await ask(island.paper);
  if (mine !== asked || status !== 200) return;
  const { reason } = json;
  const place = reason?.match(LINE);
  wrong = place ? Number(place[1]) : 0;
  number();
  state.classList.toggle("rf-refused", Boolean(reason));
  state.textContent = !reason ? say("paper_sample") : place ? say("paper_line", { number: place[1], reason: place[2] }) : say("paper_broken", { reason });
  if (!reason) pages.replaceChildren(...json.pages.map((src, at) => h("img", { src, alt: say("paper_page", { number: at + 1 }) })));
}

async function begin() {
  const file = await loaded();
  load(file.content);
  text.readOnly = !file.editable;
  const keeper = keep(file, { text: () => text.value, load, saved: ({ problems }) => { list.set(problems); set(); } });
  text.addEventListener("input", () => { number(); keeper.changed(); });
  text.addEventListener("scroll", () => { lines.scrollTop = text.scrollTop; });
  choosing(() => keeper.now());
  await keeper.restore();
  text.dataset.ready = "yes";
  set();
  const { status, json } = await ask("problems");
  if (status === 200) list.set(json.problems);
}

begin();
