// The list of a draft's files above an editor: choosing one opens it.
const chooser = document.querySelector("[data-tables-choose]");

export function choosing(before = () => true) {
  chooser?.addEventListener("change", async () => {
    await before();
    location.assign(chooser.value);
  });
}
