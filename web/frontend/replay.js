// Plays a case on its diagrams. <script type="application/json" id="replay"> holds
//   {"steps": [{at, diagram, flows: [[diagram, source, target]], tokens: [[diagram, element, state]], changes, clocks,
//     marks: [[diagram, element, state or ""]]}], "breaches": [step], "diagrams": {name: address}}
// where marks say what differs from the step before. Tokens are circles in a layer of the canvas
// ([data-token=element]); they travel the flows of a step, or jump where reduced motion is asked for.
import { drawn, fit, SVG } from "./js/diagram";
import { remembered } from "./js/remember";
import "./replay.css";

const STATES = ["done", "act", "late", "hold", "wait", "cancelled"];
const SPEEDS = [0.5, 1, 2, 4, 8];
const REST_MS = 900; // between two steps while playing
const FLOW_MS = 420; // a token on one flow; many flows of a step share
const STEP_MS = 1800;
const RADIUS = 13; // in diagram units
const TICKED = /Task$|SubProcess$|CallActivity$/; // events and gateways are too small for a tick
const TYPING = "input, textarea, select, [contenteditable], dialog";

const root = document.querySelector("[data-replay]");
const { steps, breaches, diagrams } = JSON.parse(document.getElementById("replay").textContent);
const one = (name) => root.querySelector(`[data-replay-${name}]`);
const still = matchMedia("(prefers-reduced-motion: reduce)");
const viewers = new Map(); // diagram → promise of {viewer, layer, marked}
const asked = Number(new URLSearchParams(location.search).get("step"));
let at = Math.min(steps.length, Math.max(1, asked || 1));
let chosen = null; // a diagram that was looked at by hand, until the next step
let playing = false;
let speed = 1;
let all = false;
let run = 0; // each movement has a number; a newer one ends it

function element(name, text, className) {
  const made = document.createElement(name);
  if (className) made.className = className;
  if (text !== undefined) made.textContent = text;
  return made;
}

function svg(name, attributes) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  return made;
}

function circle(number) {
  const made = svg("g", { class: "rf-token" });
  made.append(svg("circle", { r: RADIUS }));
  if (number) {
    const text = svg("text", { "text-anchor": "middle", dy: "5" });
    text.textContent = number;
    made.append(text);
  }
  return made;
}

const place = (token, { x, y }) => token.setAttribute("transform", `translate(${x} ${y})`);

// The diagrams: one viewer each, made when it is first looked at.
function shown(name) {
  if (!viewers.has(name)) {
    const container = element("div", undefined, "rf-replay-canvas");
    container.dataset.canvas = name;
    one("canvas").append(container);
    for (const other of one("canvas").children) other.hidden = other !== container;
    viewers.set(name, drawn(container, diagrams[name]).then((viewer) => {
      const canvas = viewer.get("canvas");
      const [ticks, layer] = [canvas.getLayer("ticks", 400), canvas.getLayer("tokens", 500)];
      return { viewer, layer, ticks, marked: new Map(), container };
    }));
  }
  return viewers.get(name);
}

function statesOf(name) {
  const found = new Map();
  for (const { marks } of steps.slice(0, at)) {
    for (const [diagram, id, state] of marks) if (diagram === name) state ? found.set(id, state) : found.delete(id);
  }
  return found;
}

function mark({ viewer, marked }, name, walked) {
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  for (const [id, state] of marked) canvas.removeMarker(id, state);
  marked.clear();
  for (const [id, state] of statesOf(name)) if (STATES.includes(state) && registry.get(id)) marked.set(id, state);
  for (const flow of walked) marked.set(flow.id, "pass");
  for (const [id, state] of marked) canvas.addMarker(id, state);
}

function flowsOf({ viewer }, name) {
  const registry = viewer.get("elementRegistry");
  const between = ([, source, target]) => registry.get(source)?.outgoing?.find((flow) => flow.target.id === target);
  return steps[at - 1].flows.filter(([diagram]) => diagram === name).map(between).filter(Boolean);
}

// A tick at the upper right corner of what is done, as the legend shows it.
function tick({ viewer, ticks }, name) {
  const registry = viewer.get("elementRegistry");
  const done = [...statesOf(name)].filter(([id, state]) => state === "done" && registry.get(id)?.type.match(TICKED));
  ticks.replaceChildren(...done.map(([id]) => {
    const { x, y, width } = registry.get(id);
    const made = svg("g", { class: "rf-tick", transform: `translate(${x + width} ${y})` });
    made.append(svg("circle", { r: 9 }), svg("path", { d: "M-4 0l3 3l5-6" }));
    made.dataset.tick = id;
    return made;
  }));
}

function stand({ viewer, layer }, name) {
  const registry = viewer.get("elementRegistry");
  const tokens = steps[at - 1].tokens.filter(([diagram, id]) => diagram === name && registry.get(id));
  layer.replaceChildren(...tokens.map(([, id, state], index) => {
    const token = circle(tokens.length > 1 ? index + 1 : 0);
    token.dataset.token = id;
    token.dataset.state = state;
    place(token, registry.get(id)); // the upper left corner: the label stays free
    return token;
  }));
}

function along(points, share) {
  const lengths = points.slice(1).map((point, index) => Math.hypot(point.x - points[index].x, point.y - points[index].y));
  let rest = share * lengths.reduce((sum, length) => sum + length, 0);
  for (const [index, length] of lengths.entries()) {
    const [from, to] = [points[index], points[index + 1]];
    if (rest <= length && length) {
      return { x: from.x + ((to.x - from.x) * rest) / length, y: from.y + ((to.y - from.y) * rest) / length };
    }
    rest -= length;
  }
  return points.at(-1);
}

function frames(lasting, draw, current) {
  return new Promise((resolve) => {
    const begun = performance.now();
    const frame = (now) => {
      if (run !== current) return resolve(false);
      const share = Math.min(1, Math.max(0, (now - begun) / lasting));
      draw(share);
      if (share < 1) requestAnimationFrame(frame);
      else resolve(true);
    };
    requestAnimationFrame(frame);
  });
}

async function travel({ layer }, flows, current) {
  const token = circle(0);
  layer.replaceChildren(token);
  const lasting = Math.min(FLOW_MS, STEP_MS / flows.length) / speed;
  for (const flow of flows) {
    if (!(await frames(lasting, (share) => place(token, along(flow.waypoints, share)), current))) return;
  }
}

async function picture(moving) {
  const current = run;
  const name = chosen ?? steps[at - 1].diagram;
  for (const tab of root.querySelectorAll("[data-replay-diagram]")) {
    tab.setAttribute("aria-pressed", String(tab.dataset.replayDiagram === name));
  }
  if (!one("canvas").checkVisibility()) return;
  const found = await shown(name);
  if (run !== current) return;
  for (const other of one("canvas").children) other.hidden = other !== found.container;
  if (!found.fitted) fit(found.viewer, found.container); // only now: what is hidden has no size
  found.fitted = true;
  const flows = flowsOf(found, name);
  mark(found, name, flows);
  tick(found, name);
  if (moving && flows.length && !still.matches) await travel(found, flows, current);
  if (run !== current) return;
  stand(found, name);
  one("canvas").dataset.replayCanvas = String(at);
}

// The words beside it.
function row([, label, before, after], changed) {
  const made = element("tr");
  const heading = made.appendChild(element("th", label));
  heading.scope = "row";
  const none = () => element("span", one("rows").dataset.none, "rf-meta");
  made.appendChild(element("td")).append(before && changed ? element("del", before) : changed ? none() : "");
  made.appendChild(element("td")).append(after ? element(changed ? "ins" : "span", after) : none());
  return made;
}

function everything() {
  const known = new Map();
  for (const { changes } of steps.slice(0, at)) {
    for (const change of changes) change[3] ? known.set(change[0], change) : known.delete(change[0]);
  }
  return known;
}

function words() {
  const { changes, clocks, at: moment } = steps[at - 1];
  const known = everything();
  const fresh = new Set(changes.map(([key]) => key));
  const old = [...known.values()].filter(([key]) => !fresh.has(key));
  const rows = [...changes.map((change) => row(change, true)), ...(all ? old.map((change) => row(change, false)) : [])];
  if (!rows.length) {
    rows.push(element("tr"));
    rows[0].appendChild(element("td", one("rows").dataset.noChange, "rf-meta")).colSpan = 3;
  }
  one("rows").replaceChildren(...rows);
  one("clocks").replaceChildren(...clocks.map(([name, deadline, state, left, until]) => {
    const made = element("li", undefined, "rf-clock");
    made.dataset.dueState = state;
    const about = element("span", `${name} `, "rf-clock-name");
    about.append(element("span", deadline, "rf-meta"));
    made.append(element("span", left, "rf-clock-words"), " ", about, " ", element("span", until, "rf-meta"));
    return made;
  }));
  if (!clocks.length) one("clocks").append(element("li", one("clocks").dataset.noClock, "rf-meta"));
  one("count").textContent = one("count").dataset.words.replace("{count}", changes.length);
  one("where").textContent = one("where").dataset.words.replace("{step}", at).replace("{last}", steps.length);
  one("at").textContent = moment;
  one("range").value = at;
  one("range").setAttribute("aria-valuetext", `${one("where").textContent}, ${moment}`);
  for (const button of root.querySelectorAll("[data-replay-all]")) {
    button.setAttribute("aria-pressed", String((button.dataset.replayAll === "yes") === all));
    if (button.dataset.words) button.textContent = button.dataset.words.replace("{count}", known.size);
  }
}

function list() {
  root.querySelector("[aria-current=step]")?.removeAttribute("aria-current");
  root.querySelector(".rf-replay-unfold")?.remove();
  const link = root.querySelector(`[data-replay-step="${at}"]`);
  link.setAttribute("aria-current", "step");
  const unfolded = element("ul", undefined, "rf-replay-unfold"); // on a phone, see replay.css
  for (const [, label, before, after] of steps[at - 1].changes) {
    const none = one("rows").dataset.none;
    unfolded.append(element("li", `${label}  ${before || none} → ${after || none}`));
  }
  if (unfolded.children.length) link.after(unfolded);
  const events = one("events");
  const box = link.getBoundingClientRect();
  const around = events.getBoundingClientRect();
  if (box.top < around.top || box.bottom > around.bottom) events.scrollTop += box.top - around.top - around.height / 3;
}

function go(step, moving = true) {
  const next = Math.min(steps.length, Math.max(1, step));
  moving = moving && next === at + 1; // a jump over several steps has no way to show
  at = next;
  chosen = null;
  run += 1;
  words();
  list();
  const address = new URL(location.href);
  address.searchParams.set("step", at);
  history.replaceState(null, "", address);
  return picture(moving);
}

async function play() {
  if (at === steps.length) go(1, false);
  while (playing && at < steps.length) {
    await new Promise((resolve) => setTimeout(resolve, REST_MS / speed));
    if (playing) await go(at + 1);
  }
  if (at === steps.length) set(false);
}

function set(on) {
  const button = root.querySelector("[data-replay-do=play]");
  playing = on;
  button.setAttribute("aria-label", on ? button.dataset.pause : button.dataset.play);
  for (const face of button.querySelectorAll("[data-playing]")) face.hidden = (face.dataset.playing === "yes") !== on;
}

function faster(by) {
  speed = SPEEDS[Math.min(SPEEDS.length - 1, Math.max(0, SPEEDS.indexOf(speed) + by))];
  one("speed").textContent = `${speed}×`;
}

const deeds = {
  back: () => { set(false); go(at - 1); },
  on: () => { set(false); go(at + 1); },
  play: () => { set(!playing); if (playing) play(); },
  speed: () => faster(speed === SPEEDS.at(-1) ? -SPEEDS.length : 1),
  breach: () => { set(false); go(breaches.find((step) => step > at) ?? breaches[0] ?? at, false); },
  diagram: () => {
    const open = root.classList.toggle("rf-replay-drawn");
    root.querySelector("[data-replay-do=diagram]").setAttribute("aria-expanded", String(open));
    if (open) picture(false);
  },
};
const KEYS = {
  " ": deeds.play, ArrowLeft: deeds.back, ArrowRight: deeds.on, b: deeds.breach, "[": () => faster(-1), "]": () => faster(1),
};

root.addEventListener("click", (event) => {
  const button = event.target.closest("button, [data-replay-step]");
  if (!button) return;
  const { replayDo, replayStep, replayAll, replayDiagram } = button.dataset;
  if (replayDo) deeds[replayDo]();
  if (replayAll) { all = replayAll === "yes"; words(); }
  if (replayDiagram) { chosen = replayDiagram; run += 1; picture(false); }
  if (replayStep && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    set(false);
    go(Number(replayStep));
  }
});
one("range").addEventListener("input", ({ target }) => { set(false); go(Number(target.value), false); });
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest(TYPING) || remembered("keys") === "0") return;
  if (event.key === " " && event.target.closest("button, a, summary")) return; // its own
  if (!KEYS[event.key]) return;
  event.preventDefault();
  KEYS[event.key]();
});
one("player").hidden = false;
one("legend").hidden = false;
root.querySelector(".rf-replay-which").hidden = false;
go(at, false);
