// 跑剧本: plays the procedure's stories on the draft as it is kept, lists what passed and what did not, and draws on the
// diagram which flows were walked (green) and which were not (dashed).
//
//   initStories({ root, viewer, opener, ready, texts })
//     root     <section data-stories hidden>, which is shown when `opener`, a button, is clicked
//     viewer   the modeler (or a viewer) whose diagram the coverage is drawn on
//     ready    awaited before the stories begin: true once the draft is saved
//     texts    by default those of <script type="application/json" id="studio-stories">
// The answers come from stories below island.base: {state, done, total, results, coverage}.
import { ask, h, icon } from "./page";
import "./stories.css";

const EACH_MS = 1000;
const MARKS = ["rf-walked", "rf-unwalked"];

export function initStories({ root, viewer, opener, ready = async () => true, texts = ownTexts() }) {
  const stories = new Stories(root, viewer, ready, texts);
  opener.addEventListener("click", () => (root.hidden ? stories.open() : stories.close()));
  stories.pressed = (open) => opener.setAttribute("aria-expanded", String(open));
  viewer.on("commandStack.changed", () => stories.outdated());
  return stories;
}

const ownTexts = () => JSON.parse(document.getElementById("studio-stories").textContent);

class Stories {
  constructor(root, viewer, ready, texts) {
    Object.assign(this, { root, viewer, ready, texts, marked: [], waiting: null, pressed: () => {} });
    this.bar = h("progress", { hidden: true, "aria-label": this.say("progress") });
    this.said = h("span", { role: "status" });
    this.list = h("ol", { class: "rf-stories-list" });
    const shut = h("button", { type: "button", class: "btn btn-sm", onclick: () => this.close() }, this.say("close"));
    root.replaceChildren(h("div", { class: "rf-stories-head" }, h("h2", {}, this.say("stories")), this.bar, this.said, shut), this.list);
  }

  say(name, values = {}) {
    return this.texts[name].replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
  }

  async open() {
    this.root.hidden = false;
    this.pressed(true);
    this.list.replaceChildren();
    this.tell(this.say("beginning"));
    if (!(await this.ready())) return this.tell(this.say("not_saved"));
    const { status, json } = await ask("stories", {}).catch(() => ({ status: 0 }));
    if (this.root.hidden) return undefined;
    return status === 202 ? this.draw(json) : this.tell(json?.message ?? this.say("unreachable"));
  }

  close() {
    clearTimeout(this.waiting);
    this.root.hidden = true;
    this.pressed(false);
    this.clear();
  }

  /** The diagram was changed: what the stories have shown is no longer so. */
  outdated() {
    if (this.root.hidden) return;
    clearTimeout(this.waiting);
    this.clear();
    this.list.replaceChildren();
    this.tell(this.say("outdated"), this.again());
  }

  again() {
    return h("button", { type: "button", class: "btn btn-sm", onclick: () => this.open() }, this.say("again"));
  }

  tell(...said) {
    this.bar.hidden = true;
    this.said.replaceChildren(...said.flatMap((one) => [one, " "]));
  }

  async poll() {
    const { status, json } = await ask("stories").catch(() => ({ status: 0 }));
    if (this.root.hidden) return;
    if (status === 200) this.draw(json);
    else this.waiting = setTimeout(() => this.poll(), EACH_MS);
  }

  draw(report) {
    const { state, done, total, results, coverage } = report;
    if (state === "none") return this.outdated();
    const failed = results.filter(({ passed }) => !passed);
    const counts = failed.length ? h("span", { class: "rf-stories-failed" }, this.say("failed", { count: failed.length })) : null;
    const again = state === "failed" ? this.again() : null;
    this.tell(...[this.words(report, done - failed.length), counts, again].filter(Boolean));
    this.bar.hidden = state !== "running";
    [this.bar.max, this.bar.value] = [Math.max(total, 1), done];
    this.list.replaceChildren(...[...failed, ...results.filter(({ passed }) => passed)].map((one) => this.row(one)));
    this.mark(coverage, state);
    this.root.dataset.state = state;
    clearTimeout(this.waiting);
    if (state === "running") this.waiting = setTimeout(() => this.poll(), EACH_MS);
    return undefined;
  }

  words({ state, done, total, coverage }, passed) {
    if (state === "running") return this.say("running", { done, total });
    if (state === "failed") return this.say("broken");
    if (!total) return this.say("no_story");
    const flows = Object.values(coverage.flows);
    return this.say("done", { passed, walked: flows.filter(Boolean).length, flows: flows.length });
  }

  row({ name, title, passed, step, deed, reason }) {
    const said = step ? this.say(deed ? "at_step" : "at_number", { step, deed, reason }) : reason;
    return h("li", { class: `rf-story rf-story-${passed ? "passed" : "failed"}`, "data-story": name },
      h("span", { class: "rf-story-state" }, icon(passed ? "check" : "alert-circle"), ` ${this.say(passed ? "passed" : "not_passed")}`),
      h("span", { class: "rf-story-title" }, title),
      h("span", { class: "rf-story-reason" }, said));
  }

  /** Draw what was walked; while stories are played only that, because the rest may still come. */
  mark({ flows = {}, elements = {} }, state) {
    this.clear();
    const registry = this.viewer.get("elementRegistry");
    const canvas = this.viewer.get("canvas");
    for (const [id, count] of Object.entries({ ...elements, ...flows })) {
      const marker = MARKS[count ? 0 : 1];
      if (!registry.get(id) || (count && !(id in flows)) || (!count && state !== "done")) continue;
      canvas.addMarker(id, marker);
      this.marked.push([id, marker]);
    }
  }

  clear() {
    const canvas = this.viewer.get("canvas");
    const registry = this.viewer.get("elementRegistry");
    for (const [id, marker] of this.marked) if (registry.get(id)) canvas.removeMarker(id, marker);
    this.marked = [];
  }
}
