// What the page knows of the simulator: people, numbers, conversations, clock, faults.
import { bubbleOf } from "./shape.js";
import { moment } from "./format.js";
import { api } from "./api.js";

export const world = { people: [], numbers: [], person: null, number: null, faults: [], skew: 0, offset: 0 };

const chats = new Map();
const seen = new Map();
const pending = new Map();
const underWay = new Map();
const keyOfWamid = new Map();
let conversations = null;
let asked = 0;

const keyOf = (person, number) => `${person}|${number}`;
export const currentKey = () => keyOf(world.person?.id, world.number?.id);
export const now = () => new Date(Date.now() + world.skew);

/** The conversation shown now; messages the simulator has not taken yet stand at its end. */
export function currentChat() {
  const chat = chats.get(currentKey()) ?? { bubbles: [], until: null };
  const waiting = (pending.get(currentKey()) ?? []).filter(({ key }) => !chat.bubbles.some((bubble) => bubble.key === key));
  return { ...chat, bubbles: [...chat.bubbles, ...waiting] };
}

export async function loadPeople() {
  const [people, state] = await Promise.all([api.people(), api.state()]);
  world.people = listOf(people, "people").map((person) => ({ ...person, id: String(person.id), name: person.name ?? person.id }));
  world.numbers = listOf(state, "numbers").map(numberOf);
  conversations = state.conversations ?? null;
  world.person = world.people.find(({ id }) => id === world.person?.id) ?? world.people[0] ?? null;
  world.number = world.numbers.find(({ id }) => id === world.number?.id) ?? world.numbers[0] ?? null;
}

const listOf = (answer, name) => (Array.isArray(answer) ? answer : (answer?.[name] ?? []));

function numberOf(number) {
  const display = `+${number.phone}`;
  return { id: String(number.id), display, name: number.name || display };
}

/** Reads one conversation anew; an answer that a later one has overtaken is dropped. */
export async function loadChat(person, number) {
  asked += 1;
  const turn = asked;
  const key = keyOf(person, number);
  const answer = await api.chat(person, number);
  await underWay.get(key);
  if (turn < (chats.get(key)?.turn ?? 0)) return;
  chats.set(key, { turn, bubbles: listOf(answer, "bubbles").map(known), until: moment(answer.window_until) });
  if (key === currentKey()) lookAtCurrent();
}

/** A bubble under the key it was first shown with, so that a message just sent keeps its place on the screen. */
function known(entry) {
  return { ...bubbleOf(entry), key: keyOfWamid.get(entry.wamid) ?? entry.wamid };
}

/** Reads every conversation that has begun; at the first reading all of it counts as looked at. */
export async function loadChats() {
  const first = chats.size === 0;
  const begun = conversations?.filter(({ bubbles }) => bubbles !== 0).map(({ person, number }) => [String(person), String(number)]);
  const pairs = begun ?? world.people.flatMap(({ id }) => world.numbers.map((number) => [id, number.id]));
  const shown = world.person && world.number ? [[world.person.id, world.number.id]] : [];
  await Promise.all([...pairs, ...shown].map(([person, number]) => loadChat(person, number)));
  if (first) for (const key of chats.keys()) seen.set(key, theirs(key));
}

/** Forgets what the page knows, after the simulator began anew. */
export function forgetChats() {
  for (const known of [chats, seen, pending, keyOfWamid]) known.clear();
}

const theirs = (key) => (chats.get(key)?.bubbles ?? []).filter(({ mine, status }) => !mine && status !== "failed").length;

/** Counts what the shown conversation holds as looked at, if anybody can be looking. */
export function lookAtCurrent() {
  if (!document.hidden) seen.set(currentKey(), theirs(currentKey()));
}

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
  const chat = currentKey();
  const [person, number] = [world.person.id, world.number.id];
  count += 1;
  const key = `pending-${count}`;
  const bubble = { ...bubbleOf({ type: "text", ...draft, direction: "in", status: "pending", wamid: key, at: now() }), key };
  pending.set(chat, [...(pending.get(chat) ?? []), bubble]);
  redraw();
  try {
    await tracked(chat, deliver(person, number).then(({ wamid }) => keyOfWamid.set(wamid, key)));
    await loadChat(person, number);
    pending.set(chat, (pending.get(chat) ?? []).filter((other) => other !== bubble));
  } catch (error) {
    Object.assign(bubble, { status: "failed", error: error.message });
  }
  redraw();
}

/** Lets readings of a conversation wait for what is being sent in it: they then know it by its key. */
function tracked(chat, work) {
  const settled = Promise.allSettled([underWay.get(chat), work]);
  underWay.set(chat, settled);
  settled.then(() => { if (underWay.get(chat) === settled) underWay.delete(chat); });
  return work;
}
