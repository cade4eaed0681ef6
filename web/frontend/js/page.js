// What a page does once when it opens: errors get the focus, folds that share a name close one another elsewhere.
import { offerThemes } from "./theme";

offerThemes();
document.getElementById("error-summary")?.focus();
document.addEventListener("click", ({ target }) => {
  for (const fold of document.querySelectorAll("details.rf-deed[open]")) {
    if (!fold.contains(target)) fold.open = false;
  }
});
document.addEventListener("submit", ({ target }) => {
  // a second click while the first is on its way; the server would answer it alike
  const button = target.querySelector("button:not([formaction])");
  if (button && target.method === "post" && !target.matches("[hx-post]:not([data-task])")) {
    setTimeout(() => { button.disabled = true; });
    setTimeout(() => { button.disabled = false; }, 8000);
  }
});
window.addEventListener("pageshow", ({ persisted }) => { if (persisted) location.reload(); });
for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false; // without a script there is nothing behind it
  button.addEventListener("click", () => window.print());
}
