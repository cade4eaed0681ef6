// Light or dark before anything is drawn: the cookie theme, else the device. Small and blocking, on every page.
import { choice, paint } from "./js/theme";

paint(choice());
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => paint(choice()));
