// Where the person writes: text with Enter, the privacy words as chips, and the attach menu.
import { closeSheet, openSheet } from "./sheet.js";
import { byId, el, icon } from "./dom.js";
import { MENU } from "./samples.js";
import { preview } from "./shape.js";

const WORDS = ["STOP", "START", "MY DATA", "DELETE MY DATA", "PRIVACY", "HELP"];

/** Wires the composer once; `say(text)` and `send(message)` do the work. */
export function startComposer({ say, send }) {
  const field = byId("composer");
  const submit = () => {
    const text = field.value.trim();
    if (!text) return;
    field.value = "";
    fit(field);
    say(text);
  };
  byId("compose").addEventListener("submit", (event) => { event.preventDefault(); submit(); });
  field.addEventListener("input", () => fit(field));
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  byId("chips").addEventListener("wheel", sideways, { passive: true });
  byId("chips").append(...WORDS.map((word) => chip(word, say)));
  byId("attach").addEventListener("click", () => openSheet("Send something", menu(send)));
  fit(field);
}

function sideways(event) {
  if (event.deltaX === 0) event.currentTarget.scrollLeft += event.deltaY;
}

function chip(word, say) {
  const testid = `chip-${word.toLowerCase().replaceAll(" ", "-")}`;
  return el("button", { type: "button", class: "chip", testid, on: { click: () => say(word) } }, word);
}

function fit(field) {
  byId("compose").classList.toggle("has-text", Boolean(field.value.trim()));
  field.rows = Math.min(5, field.value.split("\n").length);
}

function menu(send) {
  const choose = (sample) => { closeSheet(); send(sample); };
  return el("div", { class: "menu" }, ...MENU.map(({ sign, title, words, testid, ...sample }) =>
    el("button", { type: "button", class: "menu-row", testid: `attach-${testid}`, on: { click: () => choose(sample) } },
      el("span", { class: `menu-sign sign-${sign}` }, icon(sign)),
      el("span", { class: "row-title" }, title), el("span", { class: "row-words" }, words))));
}

/** Shows which message an answer belongs to, with a way out; null takes it away. */
export function showReplyTo(bubble, cancel) {
  const bar = byId("reply-bar");
  bar.hidden = !bubble;
  if (!bubble) return;
  const leave = el("button", { type: "button", class: "icon-button", "aria-label": "Do not answer this message", on: { click: cancel } }, icon("close"));
  bar.replaceChildren(el("p", { class: "quote", dir: "auto" }, el("span", {}, preview(bubble))), leave);
  byId("composer").focus();
}
