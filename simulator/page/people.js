// The people one can play, and the hands on the clock.
import { avatar, el, fill, patch } from "./dom.js";
import { hourMinute } from "./format.js";
import { preview } from "./shape.js";

const LANGUAGES = new Intl.DisplayNames(["en"], { type: "language" });

/** The list of people: last words, time, and how many messages were not looked at. */
export function drawPeople(box, people, view, choose) {
  patch(box, people.map((person) => personRow(person, view, choose)));
}

function personRow(person, { current, last, unread }, choose) {
  const latest = last(person);
  const count = unread(person);
  return el("li", {}, el("button", {
    type: "button", class: "person", testid: `person-${person.id}`,
    "aria-current": person.id === current ? "true" : null, on: { click: () => choose(person.id) },
  }, avatar(person.name),
  el("span", { class: "person-name" }, el("bdi", {}, person.name), ...tags(person).map((words) => el("span", { class: "tag" }, words))),
  el("time", { class: "person-time" }, hourMinute(latest?.at)),
  el("span", { class: "person-last", dir: "auto" }, preview(latest) || languageName(person.language)),
  count > 0 && el("span", { class: "badge", "aria-label": `${count} unread` }, String(count))));
}

function tags(person) {
  const off = person.delivers === false;
  return [!person.phone && "no number", off && "phone off", !off && person.reads === false && "no blue ticks"].filter(Boolean);
}

/** What is special about a person, in a few words. */
export const trait = (person) => [languageName(person.language), ...tags(person)].join(" · ");

export function languageName(code) {
  if (!code) return "";
  try {
    return LANGUAGES.of(code.replace("_", "-")) ?? code;
  } catch {
    return code;
  }
}

/** The business numbers, shown only when there is a choice. */
export function drawNumbers(select, numbers, current) {
  select.closest(".numbers").hidden = numbers.length < 2;
  document.getElementById("business").hidden = numbers.length > 1;
  const twins = new Set(numbers.map(({ name }) => name)).size < numbers.length;
  fill(select, ...numbers.map(({ id, name, display }) => el("option", { value: id }, twins ? `${name} ${display}` : name)));
  select.value = current ?? "";
}
