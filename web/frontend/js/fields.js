// The length of what is being typed: <span data-rf-count="id of the field">12 / 200 字</span>, its first number.
document.addEventListener("input", ({ target }) => {
  const line = target.id && document.querySelector(`[data-rf-count="${CSS.escape(target.id)}"]`);
  if (line) line.textContent = line.textContent.replace(/\d+/, target.value.length);
});
