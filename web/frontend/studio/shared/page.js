// What every editor's page says to its script: <script type="application/json" id="studio">
//   {"procedure": "repair-handling", "base": "/studio/repair-handling/", "path": "repair-handling.bpmn", "words": {…}, …}
// and small means to build elements. Texts come from the page; none stands in a script.
export const island = JSON.parse(document.getElementById("studio").textContent);

/** The page's text of a name, with its {values} filled in. */
export function say(name, values = {}) {
  const text = island.words[name];
  if (text === undefined) throw new Error(`no words for ${name}`);
  return text.replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

/** An element: h("p", {class: "rf-meta", onclick: …}, "text", child, …); empty children are left out. */
export function h(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (key === "value" || key === "checked" || key === "disabled" || key === "hidden") made[key] = value;
    else if (value !== undefined && value !== null && value !== false) made.setAttribute(key, value === true ? "" : value);
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

const SVG = "http://www.w3.org/2000/svg";

/** An icon of the sprite, hidden from readers: the words beside it say it all. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  svg.appendChild(document.createElementNS(SVG, "use")).setAttribute("href", `${island.icons}#${name}`);
  return svg;
}

/**
 * Ask the server; `body` makes it a POST in JSON with the page's CSRF token. The answer: {status, json}; 401 where the session
 * has ended. A page that outlived its session gets the token of the new one.
 */
export async function ask(address, body) {
  const answer = await sent(address, body);
  if (!body || answer.status !== 400 || answer.json) return answer;
  const page = await fetch(location.href, { credentials: "same-origin" });
  const fresh = new DOMParser().parseFromString(await page.text(), "text/html").querySelector(TOKEN)?.content;
  if (!fresh || fresh === document.querySelector(TOKEN).content) return answer;
  document.querySelector(TOKEN).content = fresh;
  return sent(address, body);
}
const TOKEN = "meta[name=csrf-token]";

async function sent(address, body) {
  const token = document.querySelector(TOKEN)?.content;
  const headers = { Accept: "application/json", ...(body && { "Content-Type": "application/json", "X-CSRFToken": token }) };
  const options = { method: body ? "POST" : "GET", headers, credentials: "same-origin", redirect: "manual" };
  const answer = await fetch(new URL(address, new URL(island.base, location.href)), { ...options, body: body && JSON.stringify(body) });
  const isJson = answer.headers.get("Content-Type")?.includes("json");
  return { status: answer.type === "opaqueredirect" ? 401 : answer.status, json: isJson ? await answer.json() : null };
}
