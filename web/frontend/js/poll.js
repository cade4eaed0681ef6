// A list that asks for news by itself: <div id="list" data-poll hx-get="…" hx-trigger="every 15s, refresh" …>.
// An unchanged answer is dropped. While something in the list is focused, ticked or open, a changed one is dropped too,
// and the line [data-newer] appears instead: its [data-newer-count] says how many rows are new, clicking it refreshes.
import htmx from "htmx.org";

const seen = new WeakMap(); // list → the last answer swapped in

const busy = (list) => list.contains(document.activeElement) || list.querySelector("input:checked, details[open], .show");

function rowsIn(root) {
  return [...root.querySelectorAll("[data-row]")].map((element) => element.dataset.row);
}

function announce(list, answer) {
  const line = document.querySelector("[data-newer]");
  if (!line) return;
  const known = new Set(rowsIn(list));
  const fresh = rowsIn(new DOMParser().parseFromString(answer, "text/html")).filter((key) => !known.has(key));
  const count = line.querySelector("[data-newer-count]");
  if (count) count.textContent = fresh.length;
  line.hidden = fresh.length === 0;
}

// Once the session has ended no list asks any more; the page says so (requests.js).
let ended = false;
document.addEventListener("htmx:responseError", ({ detail }) => { ended ||= detail.xhr.status === 401; });
document.addEventListener("htmx:beforeRequest", (event) => {
  if (ended && event.detail.elt.matches("[data-poll]")) event.preventDefault();
});

document.addEventListener("htmx:beforeSwap", ({ detail }) => {
  const list = detail.requestConfig.elt;
  if (!list.matches("[data-poll]")) return;
  const asked = detail.requestConfig.triggeringEvent?.type === "refresh";
  if (seen.get(list) === detail.serverResponse && !asked) detail.shouldSwap = false;
  else if (busy(list) && !asked) {
    detail.shouldSwap = false;
    announce(list, detail.serverResponse);
  } else seen.set(list, detail.serverResponse);
});

document.addEventListener("click", ({ target }) => {
  const line = target.closest("[data-newer]");
  if (!line) return;
  line.hidden = true;
  htmx.trigger(document.querySelector("[data-poll]"), "refresh");
});
