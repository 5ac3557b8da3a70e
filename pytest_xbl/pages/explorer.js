"use strict";
// The page is whole without this: it only shows news without a reload.
const PARTS = ["frame", "parts", "main"];
let source = null;
let failed = 0;

function show(isLost) {
  const light = document.getElementById("live");
  if (!light) return;
  light.hidden = false;
  light.textContent = isLost ? "no news: the server is gone" : "live";
  light.classList.toggle("lost", isLost);
}

// A fold is known by the nearest id above it, and its place among the folds below that.
function place(fold) {
  const home = fold.closest("[id]");
  return home && `${home.id} ${[home, ...home.querySelectorAll("details")].indexOf(fold)}`;
}

function isInUse(part) {
  const chosen = getSelection();
  const isTyping = document.activeElement.matches("input, select") && part.contains(document.activeElement);
  return isTyping || (!chosen.isCollapsed && part.contains(chosen.anchorNode));
}

function focused() {
  const here = document.activeElement;
  if (here.id) return () => document.getElementById(here.id);
  if (here.localName === "summary") {
    const wanted = place(here.parentNode);
    return () => [...document.querySelectorAll("details")].find((fold) => place(fold) === wanted)?.firstChild;
  }
  const address = here.getAttribute("href");
  return () => address && document.querySelector(`a[href="${CSS.escape(address)}"]`);
}

function replace(next) {
  const open = new Map([...document.querySelectorAll("details")].map((fold) => [place(fold), fold.open]));
  const find = focused();
  let isWhole = true;
  for (const id of PARTS) {
    const [old, fresh] = [document, next].map((page) => page.getElementById(id));
    if (!old || !fresh) continue;
    if (isInUse(old)) isWhole = false;
    else old.replaceWith(fresh);
  }
  for (const fold of document.querySelectorAll("details")) fold.open = open.get(place(fold)) ?? fold.open;
  if (document.activeElement === document.body) find()?.focus({ preventScroll: true });
  document.title = next.title;
  return isWhole;
}

async function refresh() {
  const answer = await fetch(location.href);
  const next = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (replace(next)) document.documentElement.dataset.tag = next.documentElement.dataset.tag ?? "";
  show(false);
}

function stop() {
  source?.close();
  source = null;
}

function lost() {
  failed += 1;
  if (source.readyState === EventSource.CLOSED) refresh(); // there is no such page any more
  if (failed === 1) return; // that is the end of a response
  show(true);
  stop();
  setTimeout(listen, 1000);
}

function listen() {
  if (document.hidden) stop();
  else if (!source) {
    source = new EventSource(location.href);
    source.onopen = () => {
      failed = 0;
      show(false);
    };
    source.onmessage = (news) => {
      if (news.data !== document.documentElement.dataset.tag) refresh();
    };
    source.onerror = lost;
  }
}

document.addEventListener("visibilitychange", listen);
listen();
