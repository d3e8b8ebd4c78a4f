/* Behaviour on data- attributes. Every page works without it. */
"use strict";

/* data-close="toast": a button that removes what it stands in. Shown only when it can do so. */
function closers(root) {
  for (const button of root.querySelectorAll("[data-close][hidden]")) button.hidden = false;
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-close]");
  if (button) button.closest(`[data-${button.dataset.close}]`)?.remove();
});

/* data-group: a group of the menu that the reader folds or unfolds stays so on the pages that follow. */
document.addEventListener("click", (event) => {
  const group = event.target.closest("summary")?.parentElement;
  if (!group?.dataset.group) return;
  const { group: key } = group.dataset;
  const kept = (/(?:^|; )ymach_menu=([a-z.-]*)/.exec(document.cookie)?.[1] ?? "").split(".");
  const others = kept.filter((word) => word && word !== key && word !== `-${key}`);
  const secure = location.protocol === "https:" ? "; secure" : "";
  document.cookie = `ymach_menu=${[...others, group.open ? `-${key}` : key].join(".")}; path=/; max-age=31536000; samesite=lax${secure}`;
});

/* data-auto-send: a select that sends its form as soon as it changes. */
document.addEventListener("change", (event) => {
  if (event.target.matches("[data-auto-send]")) event.target.form.requestSubmit();
});

/* data-copy="id": copies the text of an element, and says so. */
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
  button.textContent = button.dataset.done;
});

document.addEventListener("DOMContentLoaded", () => closers(document));
document.addEventListener("htmx:load", (event) => closers(event.target));
