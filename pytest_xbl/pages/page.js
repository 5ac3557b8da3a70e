"use strict";
const button = document.getElementById("unfold");
const folds = () => [...document.querySelectorAll("main details")];
function name() {
  button.textContent = folds().every((fold) => fold.open) ? "Fold all" : "Unfold all";
}
button.addEventListener("click", () => {
  const open = !folds().every((fold) => fold.open);
  for (const fold of folds()) fold.open = open;
  name();
});
document.addEventListener("toggle", name, true);
button.hidden = false;
