// Two people on one draft: the dialog that shows who saved in between and what differs. It is never settled silently:
// take over theirs, or keep one's own as a file. Closing it leaves everything as it is, unsaved.
import { h, say } from "./page";

/** Show the dialog; the promise is "theirs" or "later". `theirs` is the server's answer 409, `mine()` what the editor holds. */
export function settle(theirs, { path, mine }) {
  return new Promise((resolve) => {
    const changes = theirs.changes?.length ? theirs.changes : [say("conflict_unknown")];
    const dialog = h("dialog", { class: "rf-dialog rf-conflict", "aria-labelledby": "conflict-title" },
      h("h2", { id: "conflict-title" }, say("conflict_title", { by: theirs.by })),
      h("p", {}, say("conflict_about")),
      h("ul", { class: "rf-conflict-changes" }, changes.map((change) => h("li", {}, typeof change === "string" ? change : change.message))),
      h("div", { class: "rf-dialog-actions" },
        h("button", { type: "button", class: "btn btn-primary", onclick: () => close("theirs") }, say("conflict_theirs")),
        h("button", { type: "button", class: "btn", onclick: async () => download(path, await mine()) }, say("conflict_mine")),
        h("button", { type: "button", class: "btn", onclick: () => close("later") }, say("conflict_later"))));
    function close(choice) {
      dialog.close();
      dialog.remove();
      resolve(choice);
    }
    dialog.addEventListener("cancel", (event) => { event.preventDefault(); close("later"); });
    document.body.append(dialog);
    dialog.showModal();
  });
}

/** Hand a text to the person as a file. */
export function download(path, text) {
  const link = h("a", { href: URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" })), download: path.split("/").pop() });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}
