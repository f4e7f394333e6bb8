// What the page knows of the simulator: people, numbers, conversations, clock, faults.
import { conversation } from "./shape.js";
import { moment } from "./format.js";
import { api } from "./api.js";

export const world = { people: [], numbers: [], person: null, number: null, faults: [], skew: 0, offset: 0 };

const chats = new Map();
const seen = new Map();
const pending = new Map();

const keyOf = (person, number) => `${person}|${number}`;
export const currentKey = () => keyOf(world.person?.id, world.number?.id);
export const now = () => new Date(Date.now() + world.skew);

/** The conversation shown now; messages the simulator has not taken yet stand at its end. */
export function currentChat() {
  const chat = chats.get(currentKey()) ?? { bubbles: [], until: null };
  return { ...chat, bubbles: [...chat.bubbles, ...(pending.get(currentKey()) ?? [])] };
}

export async function loadPeople() {
  const [people, state] = await Promise.all([api.people(), api.state()]);
  world.people = listOf(people, "people").map((person) => ({ ...person, id: String(person.id), name: person.name ?? person.id }));
  world.numbers = listOf(state, "numbers").map(numberOf);
  world.person = world.people.find(({ id }) => id === world.person?.id) ?? world.people[0] ?? null;
  world.number = world.numbers.find(({ id }) => id === world.number?.id) ?? world.numbers[0] ?? null;
}

const listOf = (answer, name) => (Array.isArray(answer) ? answer : (answer?.[name] ?? []));

function numberOf(number) {
  const id = String(number.phone_number_id ?? number.phone_id ?? number.id);
  const display = number.display_phone_number ?? number.display_number ?? number.display ?? "";
  return { id, display, name: number.verified_name ?? number.display_name ?? number.name ?? display };
}

/** Reads one conversation anew; the first reading counts as looked at. */
export async function loadChat(person, number) {
  const answer = await api.chat(person, number);
  const key = keyOf(person, number);
  const bubbles = conversation(listOf(answer, "bubbles"));
  chats.set(key, { bubbles, until: moment(answer.window_until) });
  if (!seen.has(key) || key === currentKey()) look(key);
}

export async function loadChats() {
  const pairs = world.people.flatMap(({ id }) => world.numbers.map((number) => [id, number.id]));
  await Promise.all(pairs.map(([person, number]) => loadChat(person, number)));
}

const theirs = (key) => (chats.get(key)?.bubbles ?? []).filter(({ mine, status }) => !mine && status !== "failed").length;

function look(key) {
  if (!document.hidden || !seen.has(key)) seen.set(key, theirs(key));
}

export const lookAtCurrent = () => look(currentKey());

/** How many messages came for a person since one last looked, over all numbers. */
export function unread(person) {
  const keys = world.numbers.map(({ id }) => keyOf(person.id, id));
  return keys.reduce((sum, key) => sum + Math.max(0, theirs(key) - (seen.get(key) ?? 0)), 0);
}

export function last(person) {
  const ends = world.numbers.map(({ id }) => chats.get(keyOf(person.id, id))?.bubbles.at(-1)).filter(Boolean);
  return ends.sort((a, b) => (b.at ?? 0) - (a.at ?? 0))[0] ?? null;
}

export async function loadClock() {
  const clock = await api.clock();
  const stated = moment(clock.now);
  world.offset = Number(clock.offset_seconds ?? 0);
  world.skew = stated ? stated.getTime() - Date.now() : world.offset * 1000;
}

export async function loadFaults() {
  world.faults = listOf(await api.faults(), "faults");
}

let count = 0;

/** Shows a message at once, with a clock, until the simulator has it; a refusal stays, in red. */
export async function withPending(draft, deliver, redraw) {
  const key = currentKey();
  const [person, number] = [world.person.id, world.number.id];
  count += 1;
  const bubble = { ...blank, ...draft, id: `pending-${count}`, at: now() };
  pending.set(key, [...(pending.get(key) ?? []), bubble]);
  redraw();
  try {
    await deliver(person, number);
    await loadChat(person, number);
    pending.set(key, pending.get(key).filter((other) => other !== bubble));
  } catch (error) {
    Object.assign(bubble, { status: "failed", error: error.message });
  }
  redraw();
}

const blank = {
  mine: true, type: "text", header: "", text: "", footer: "", buttons: [], list: null, cta: null, media: null, location: null,
  asksLocation: false, contacts: [], template: null, quoted: null, forwarded: false, reaction: null, reactions: [],
  deleted: false, edited: false, ref: null, status: "pending", times: {}, pricing: null, error: "",
};
