// <div data-themes hidden> with buttons [data-theme-choice="auto|light|dark"]; kept in the cookie theme.
const YEAR = 31_536_000;

export const choice = () => document.cookie.match(/(?:^|; )theme=(light|dark)/)?.[1] ?? "auto";

export function paint(theme) {
  const dark = theme === "dark" || (theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.dataset.bsTheme = dark ? "dark" : "light";
}

export function offerThemes() {
  for (const place of document.querySelectorAll("[data-themes]")) {
    place.hidden = false;
    const mark = () => place.querySelectorAll("[data-theme-choice]").forEach((button) => {
      button.setAttribute("aria-pressed", String(button.dataset.themeChoice === choice()));
    });
    place.addEventListener("click", ({ target }) => {
      const chosen = target.closest("[data-theme-choice]")?.dataset.themeChoice;
      if (!chosen) return;
      document.cookie = `theme=${chosen}; path=/; max-age=${chosen === "auto" ? 0 : YEAR}; samesite=lax`;
      paint(chosen);
      mark();
    });
    mark();
  }
}
