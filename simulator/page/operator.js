// The operator's drawers: the phone's own switches, and what goes wrong between Meta and the bot.
import { el } from "./dom.js";
import { api } from "./api.js";

const FAULTS = [
  { title: "Messages arrive twice", words: "each webhook is delivered two times", fault: { on: "webhook", kind: "duplicate" } },
  { title: "Messages arrive out of order", words: "webhooks overtake each other", fault: { on: "webhook", kind: "reorder", seconds: 2 } },
  { title: "Webhooks are late", words: "held back for 3 seconds", fault: { on: "webhook", kind: "delay", seconds: 3 } },
  { title: "Webhooks get lost", words: "the bot never hears of them", fault: { on: "webhook", kind: "drop" } },
  { title: "Meta answers 500", words: "every send fails on Meta’s side", fault: { on: "messages", kind: "500" } },
  { title: "Meta is slow", words: "4 seconds for each send", fault: { on: "messages", kind: "slow", seconds: 4 } },
  { title: "Too many requests", words: "sends are answered 429", fault: { on: "messages", kind: "429" } },
  { title: "A gateway answers in HTML", words: "502 with a page instead of JSON", fault: { on: "messages", kind: "502html" } },
  { title: "Line cut before the send", words: "nothing has gone out", fault: { on: "messages", kind: "reset_before" } },
  { title: "Line cut after the send", words: "it went out, but the bot cannot know", fault: { on: "messages", kind: "reset_after" } },
  { title: "Meta loses messages", words: "accepted, then never heard of", fault: { on: "messages", kind: "drop" } },
];

/** The switches for faults; `changed` runs after one was moved, `failed` when that was refused. */
export function faultNodes(active, changed, failed) {
  return FAULTS.map(({ title, words, fault }) => {
    const on = active.filter((other) => other.on === fault.on && String(other.kind) === fault.kind);
    const turn = (wanted) => (wanted ? api.addFault(fault) : Promise.all(on.map(({ id }) => api.removeFault(id))));
    return switchNode(`fault-${fault.on}-${fault.kind}`, title, words, on.length > 0, (wanted) => turn(wanted).then(changed, failed));
  });
}

/** What the person can do with the phone itself. */
export function phoneNodes(person, number, changed, failed) {
  const change = (facts) => api.changePerson(person.id, facts).then(changed, failed);
  const prefer = (stop) => api.preference(person.id, number.id, stop ? "stop" : "resume").then(changed, failed);
  const move = () => api.changeNumber(person.id, number.id, freshNumber()).then(changed, failed);
  return [
    switchNode("phone-on", "The phone is on", "else messages wait at Meta", person.delivers !== false, (on) => change({ delivers: on })),
    switchNode("phone-reads", "Tells when a message was read", "the blue ticks", person.reads !== false, (on) => change({ reads: on })),
    switchNode("phone-stop", "Offers stopped in WhatsApp", "its own setting, not the word STOP", person.marketing === "stop", prefer),
    el("button", { type: "button", class: "wide", testid: "change-number", on: { click: move } }, person.phone ? `Change the number +${person.phone}` : "Change the number"),
  ];
}

const freshNumber = () => `447700900${300 + Math.floor(Math.random() * 700)}`;

function switchNode(id, title, words, on, turn) {
  return el("label", { class: "switch", for: id },
    el("span", { class: "switch-title" }, title), el("span", { class: "switch-words" }, words),
    el("input", { type: "checkbox", role: "switch", id, testid: id, checked: on, on: { change: (event) => turn(event.target.checked) } }));
}
