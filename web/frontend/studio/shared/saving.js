// One file of a draft in an editor: loaded with its revision, saved about a second after the last change, when the window
// loses the focus, and with Ctrl+S. A save that comes second is refused by the server; conflict.js shows the difference.
//
//   const file = await loaded(path)                          {path, content, revision, editable, …}
//   const keeper = keep(file, {text, load, saved, hint})
//     text()          the editor's content now (string or promise)
//     load(content)   put this content into the editor: a colleague's, taken over; or what was typed before a reload
//     saved(answer)   after each save: {revision, saved_at, problems}
//     hint            the element that says where things stand (role=status); [data-saving] of the page by default
//   keeper.changed()  call after each change;  await keeper.now()  save at once, true if nothing is left unsaved
//   await keeper.restore()   once the editor shows the file: what a reload left unsaved in this tab comes back
import { settle } from "./conflict";
import { ask, h, icon, island, say } from "./page";

const REST_MS = 1000;
const AGAIN_MS = 5000; // after a failure: offline, or the server was restarted
const CLOCK = { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Shanghai" };

export async function loaded(path = island.path) {
  const { status, json } = await ask(`file?path=${encodeURIComponent(path)}`);
  if (status !== 200) throw new Error(json?.message ?? `${path}: ${status}`);
  return { path, ...json };
}

export function keep(file, wishes) {
  const keeper = new Keeper(file, wishes);
  window.addEventListener("blur", () => keeper.dirty && keeper.now());
  for (const back of ["online", "focus"]) window.addEventListener(back, () => keeper.dirty && keeper.now());
  window.addEventListener("beforeunload", (event) => {
    if (keeper.dirty || keeper.running) event.preventDefault();
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    document.activeElement?.dispatchEvent(new Event("change", { bubbles: true })); // what is being typed counts too
    keeper.now();
  });
  return keeper;
}

class Keeper {
  constructor(file, { text, load, saved = () => {}, hint = document.querySelector("[data-saving]") }) {
    Object.assign(this, { path: file.path, text, load, onSaved: saved, hint });
    this.memory = `studio:${island.procedure}:${file.path}`; // in this tab alone, until the server has it
    [this.sent, this.revision] = [file.content, file.revision];
    this.stopped = !file.editable;
    this.dirty = false;
    this.running = null; // the save under way
    this.ask = null; // opens the dialog about a colleague's save again
    hint.addEventListener("click", () => this.ask?.());
    if (!file.editable) this.tell("locked", say("locked"), "lock");
    else if (file.saved_at) this.tellSaved(file.saved_at);
  }

  changed() {
    this.dirty = true;
    clearTimeout(this.waiting);
    if (!this.stopped) this.waiting = setTimeout(() => this.now(), REST_MS);
  }

  async now() {
    clearTimeout(this.waiting);
    while (this.running) await this.running;
    if (this.dirty && !this.stopped) {
      this.running = this.send().finally(() => { this.running = null; });
      await this.running;
    }
    return !this.dirty;
  }

  async restore() {
    const kept = JSON.parse(sessionStorage.getItem(this.memory) ?? "null");
    if (!kept || this.stopped || kept.content === this.sent) return;
    this.revision = kept.revision; // if a colleague saved since, the server says so
    await this.load(kept.content);
    this.changed();
  }

  async send() {
    const { path, revision } = this;
    this.dirty = false;
    const content = await this.text();
    if (content === this.sent) return;
    sessionStorage.setItem(this.memory, JSON.stringify({ revision, content }));
    this.tell("saving", say("saving"), "device-floppy");
    const { status, json } = await ask("file", { path, content, revision }).catch(() => ({ status: 0 }));
    if (status === 200) this.accepted(json, content);
    else if (status === 409 && json?.error === "draft_changed") this.outrun(json);
    else this.failed(status, json?.message);
  }

  accepted(answer, content) {
    [this.sent, this.revision] = [content, answer.revision];
    sessionStorage.removeItem(this.memory);
    this.tellSaved(answer.saved_at);
    this.onSaved(answer);
  }

  failed(status, message) {
    this.dirty = true;
    this.tell("failed", message ?? say({ 0: "offline", 401: "logged_out" }[status] ?? "not_saved"), "alert-triangle");
    if (status === 401) this.hint.append(" ", h("a", { href: island.login, target: "_blank" }, say("log_in")));
    if (status === 0 || status >= 500) this.waiting = setTimeout(() => this.now(), AGAIN_MS);
  }

  /** A colleague saved first: nothing more is sent until the person has chosen. */
  outrun(theirs) {
    [this.stopped, this.dirty] = [true, true];
    this.tell("conflict", say("conflict", { by: theirs.by }), "alert-triangle");
    this.ask = async () => {
      if ((await settle(theirs, { path: this.path, mine: () => this.text() })) !== "theirs") return;
      this.ask = null;
      sessionStorage.removeItem(this.memory);
      [this.sent, this.revision] = [theirs.content, theirs.revision];
      await this.load(theirs.content);
      clearTimeout(this.waiting);
      [this.stopped, this.dirty] = [false, false];
      this.tell("saved", say("taken_over", { by: theirs.by }), "device-floppy");
    };
    this.ask();
  }

  tellSaved(instant) {
    this.tell("saved", say("saved", { time: new Date(instant).toLocaleTimeString("zh-CN", CLOCK) }), "device-floppy");
  }

  tell(state, words, symbol) {
    this.hint.dataset.savingState = state;
    this.hint.replaceChildren(icon(symbol), ` ${words}`);
  }
}
