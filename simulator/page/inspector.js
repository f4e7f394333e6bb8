// Behind the chat: why the bot said what it said, and what it holds about the person.
import { fullTime, moment, rich } from "./format.js";
import { el, icon } from "./dom.js";
import { languageName } from "./people.js";
import { preview } from "./shape.js";

const EMOJI = ["👍", "❤️", "😂", "🙏"];

/** The rows of a bot message: `told` is the bot's own word, null when it holds none, undefined when it is silent. */
export function messageNodes(bubble, told, { react, reply }) {
  if (!bubble) return [el("p", { class: "hint" }, "Tap a message of the bot to see which rule wrote it, why it was allowed, and what it cost.")];
  return [
    el("blockquote", { dir: "auto", class: "told" }, ...rich(preview(bubble))),
    facts(rowsOf(bubble, told ?? {})),
    told === null && el("p", { class: "hint" }, "The bot holds nothing about this message."),
    el("div", { class: "react", role: "group", "aria-label": "React to this message" },
      ...EMOJI.map((emoji) => el("button", { type: "button", class: "emoji", "aria-label": `React with ${emoji}`, on: { click: () => react(bubble, emoji) } }, emoji)),
      el("button", { type: "button", class: "emoji", "aria-label": "Take the reaction back", on: { click: () => react(bubble, "") } }, icon("close")),
      el("button", { type: "button", class: "quiet", on: { click: () => reply(bubble) } }, "Reply")),
  ].filter(Boolean);
}

function rowsOf(bubble, told) {
  const price = told.price ?? bubble.pricing ?? {};
  return [
    ["Rule", told.rule], ["Language", languageName(told.language)], ["Purpose", told.purpose],
    ["Verdict", told.verdict], ["Reason", told.reason], ["Store", told.store], ["State", told.state ?? bubble.status],
    ["Kind", told.kind ?? (bubble.template ? "template" : null)],
    ["Price", [price.type, price.category].filter(Boolean).join(" · ").replaceAll("_", " ")],
    ["Template", bubble.template && [bubble.template.name, bubble.template.language].filter(Boolean).join(" · ")],
    ["Failed with", bubble.error], ["Reference", told.ref ?? bubble.ref],
    ...Object.entries(bubble.times).map(([name, at]) => [`At ${name}`, moment(at) && fullTime(moment(at))]),
  ].filter(([, value]) => value);
}

function facts(rows) {
  return el("dl", { class: "facts" }, ...rows.flatMap(([name, value]) =>
    [el("dt", {}, name), el("dd", { data: { fact: name.toLowerCase() }, dir: "auto" }, String(value))]));
}

/** What the bot holds about somebody: every store with its rows, or a calm nothing. */
export function heldNodes(held, name) {
  if (!held) return [el("p", { class: "hint" }, "The bot does not answer; this panel fills as soon as it does.")];
  const stores = (held.held ?? []).filter(({ rows }) => rows > 0);
  const total = held.total ?? stores.reduce((sum, { rows }) => sum + rows, 0);
  return [...(total > 0 ? [sum(total, stores), storeList(stores)] : [empty(name)]), ...standing(held)];
}

const sum = (total, stores) =>
  el("p", { class: "sum" }, el("strong", {}, String(total)), ` ${total === 1 ? "row" : "rows"} in ${stores.length} ${stores.length === 1 ? "store" : "stores"}`);

const storeList = (stores) => el("ul", { class: "stores" }, ...stores.map(({ store, rows, what }) =>
  el("li", { data: { store } }, el("span", { class: "store" }, String(store).replaceAll("_", " ")), el("span", { class: "count" }, String(rows)), what && el("span", { class: "what", dir: "auto" }, what))));

function empty(name) {
  return el("div", { class: "empty", testid: "held-empty" }, icon("drop"),
    el("p", {}, el("strong", {}, "Nothing is held about this person.")),
    el("p", { class: "hint" }, `The bot has no name, no number and no message of ${name}.`));
}

function standing({ standing: marks = [], language }) {
  const words = (Array.isArray(marks) ? marks : [marks]).map((mark) => (typeof mark === "string" ? mark : Object.values(mark).filter(Boolean).join(" · ")));
  if (!words.length && !language) return [];
  return [el("ul", { class: "marks", "aria-label": "Standing" },
    language && el("li", {}, languageName(language)), ...words.map((word) => el("li", {}, word.replaceAll("_", " "))))];
}
