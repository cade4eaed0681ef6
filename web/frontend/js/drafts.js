// A form[data-task] that is sent takes its draft along: one that is on its way is given up and no further one is sent.
// It would come after the form and be refused, because the task is done.
import htmx from "htmx.org";

document.addEventListener("submit", ({ target }) => {
  if (!target.matches("form[data-task]")) return;
  target.dataset.sent = "";
  for (const element of [target, ...target.querySelectorAll("[hx-post]")]) htmx.trigger(element, "htmx:abort");
});

document.addEventListener("htmx:beforeRequest", (event) => {
  if (event.detail.elt.closest("[data-sent]")) event.preventDefault();
});
