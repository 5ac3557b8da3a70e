"use strict";
const button = document.getElementById("unfold");
const folds = () => [...document.querySelectorAll("main details")];
const allOpen = () => folds().every((fold) => fold.open);

function name() {
  button.textContent = allOpen() ? "Fold all" : "Unfold all";
}

function show() {
  const place = document.getElementById(location.hash.slice(1));
  for (let fold = place?.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
  place?.scrollIntoView();
}

button.addEventListener("click", () => {
  const open = !allOpen();
  for (const fold of folds()) fold.open = open;
  name();
});
document.addEventListener("toggle", name, true);
addEventListener("hashchange", show);
button.hidden = false;
