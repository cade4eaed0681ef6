// htmx under our rules: no eval, no injected styles (strict CSP), the CSRF token on every request, and answers that
// carry a page of their own (422 a form with its errors, 409 a lost race, 403 a refusal) are shown instead of dropped.
import htmx from "htmx.org";

Object.assign(htmx.config, {
  allowEval: false,
  includeIndicatorStyles: false,
  historyCacheSize: 0, // a shared desk: nothing of a case stays in the browser's storage
  responseHandling: [
    { code: "204|304", swap: false },
    { code: "[23]..", swap: true },
    { code: "403|409|422", swap: true, error: false },
    { code: "[45]..", swap: false, error: true },
  ],
});

document.addEventListener("htmx:configRequest", ({ detail }) => {
  const token = document.querySelector("meta[name=csrf-token]")?.content;
  if (token) detail.headers["X-CSRFToken"] = token;
});

// The one line that says what happened although no page came back: [data-notice] is an aria-live region of the layout.
for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
  document.addEventListener(name, ({ detail }) => {
    const notice = document.querySelector("[data-notice]");
    if (!notice) return;
    if (detail.xhr?.status === 401) sayThatTheSessionEnded(notice);
    else notice.textContent = notice.dataset.notice;
  });
}

// Whoever was logged out stays on the page, where what was typed still is; the link opens the log-in beside it.
function sayThatTheSessionEnded(notice) {
  const link = document.createElement("a");
  Object.assign(link, { href: notice.dataset.login, target: "_blank", textContent: notice.dataset.loginWords });
  notice.replaceChildren(notice.dataset.ended, " ", link);
}

export default htmx;
