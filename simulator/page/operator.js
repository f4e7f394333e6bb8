// The operator's drawer: things that go wrong between Meta and the bot, switched on and off.
import { el } from "./dom.js";
import { api } from "./api.js";

const FAULTS = [
  { title: "Messages arrive twice", words: "each webhook is delivered two times", fault: { on: "webhook", kind: "duplicate" } },
  { title: "Messages arrive out of order", words: "webhooks overtake each other", fault: { on: "webhook", kind: "reorder" } },
  { title: "Webhooks are late", words: "held back for 3 seconds", fault: { on: "webhook", kind: "delay", seconds: 3 } },
  { title: "Webhooks get lost", words: "the bot never hears of them", fault: { on: "webhook", kind: "drop" } },
  { title: "Meta answers 500", words: "every send fails on Meta's side", fault: { on: "messages", kind: "500" } },
  { title: "Meta is slow", words: "4 seconds for each send", fault: { on: "messages", kind: "slow", seconds: 4 } },
  { title: "Too many requests", words: "sends are answered 429", fault: { on: "messages", kind: "429" } },
  { title: "A gateway answers in HTML", words: "502 with a page instead of JSON", fault: { on: "messages", kind: "502html" } },
  { title: "Line cut before the send", words: "nothing has gone out", fault: { on: "messages", kind: "reset_before" } },
  { title: "Line cut after the send", words: "it went out, but the bot cannot know", fault: { on: "messages", kind: "reset_after" } },
];

const same = (one, other) => one.on === other.on && String(one.kind) === String(other.kind);

/** The drawer's nodes for the faults that are on; `changed` runs after a switch was moved. */
export function faultNodes(active, changed, failed) {
  return FAULTS.map((entry) => {
    const on = active.some((fault) => same(fault, entry.fault));
    const move = (event) => turn(entry.fault, event.target.checked, active).then(changed, failed);
    const id = `fault-${entry.fault.on}-${entry.fault.kind}`;
    return el("label", { class: "switch", for: id },
      el("span", { class: "switch-title" }, entry.title), el("span", { class: "switch-words" }, entry.words),
      el("input", { type: "checkbox", role: "switch", id, testid: id, checked: on, on: { change: move } }));
  });
}

async function turn(fault, on, active) {
  if (on) return api.addFault(fault);
  await api.clearFaults();
  for (const other of active.filter((one) => !same(one, fault))) await api.addFault(other);
}
