// Remembers a check box or a fold: <input type=checkbox data-remember="inbox-group">, <details data-remember="facts">.
// Kept in the cookie remember-<name> = 1 | 0, so that the server can render the page as it was left.
const YEAR = 31_536_000;

export function remembered(name) {
  return document.cookie.match(new RegExp(`(?:^|; )remember-${name}=([01])`))?.[1];
}

function keep(element) {
  const on = element.checked ?? element.open;
  document.cookie = `remember-${element.dataset.remember}=${on ? 1 : 0}; path=/; max-age=${YEAR}; samesite=lax`;
}

function restore(root) {
  for (const element of root.querySelectorAll("details[data-remember]")) {
    const kept = remembered(element.dataset.remember);
    if (kept !== undefined) element.open = kept === "1";
  }
}

document.addEventListener("change", ({ target }) => target.matches?.("input[data-remember]") && keep(target));
document.addEventListener("toggle", ({ target }) => target.matches?.("details[data-remember]") && keep(target), true);
document.addEventListener("htmx:load", ({ target }) => restore(target));
