// The chat page: one person's phone, the people beside it, and what the bot does behind it.
import { closePanels, closeSheet, listRows, openPanel, openSheet, startSheets, toast } from "./sheet.js";
import { currentChat, currentKey, forgetChats, last, loadChat, loadChats, loadClock, loadFaults, loadPeople, lookAtCurrent, now, unread, withPending, world } from "./world.js";
import { avatar, byId, fill, placeIcons } from "./dom.js";
import { drawNumbers, drawPeople, trait } from "./people.js";
import { fullTime, hourMinute, remaining, shift } from "./format.js";
import { heldNodes, messageNodes } from "./inspector.js";
import { showReplyTo, startComposer } from "./composer.js";
import { api, follow } from "./api.js";
import { preview } from "./shape.js";
import { chatLog } from "./log.js";
import { faultNodes, phoneNodes } from "./operator.js";

const HELD_EVERY = 2500;
let chosen = null;
let answering = null;
let held = { key: null, value: null };

const act = { inspect, choose, openList, quoted };
const log = chatLog(byId("chat-log"), act);

// What people do

function inspect(bubble) {
  if (bubble.mine) return;
  chosen = bubble.id;
  log.mark(chosen);
  openPanel("inspector-panel");
  refreshMessage().then(() => byId("message").parentElement.scrollIntoView({ block: "nearest" }));
}

function choose(bubble, { id, title, kind, url }, index) {
  if (kind === "phone") toast(`The phone would now call ${url?.slice("tel:".length)}.`);
  else if (kind === "copy_code") tried(async () => { await navigator.clipboard.writeText(id); toast(`Copied ${id}.`); });
  else withPending({ text: title, context: { wamid: bubble.id } }, (person, number) => api.tap(person, number, bubble.id, id, index), drawChat);
}

function openList(bubble) {
  const pick = (row) => { closeSheet(); choose(bubble, row); };
  openSheet(bubble.list.button, ...listRows(bubble.list, pick));
}

function quoted(id) {
  const bubble = currentChat().bubbles.find((other) => other.id === id);
  return bubble ? preview(bubble) : "";
}

function say(text) {
  const wamid = answering;
  answerTo(null);
  withPending({ text, context: { wamid } }, (person, number) => api.say(person, number, text, wamid ?? undefined), drawChat);
}

function send({ shown, message }) {
  withPending(shown, async (person, number) => api.send(person, number, await message()), drawChat);
}

function answerTo(bubble) {
  answering = bubble?.id ?? null;
  closePanels();
  showReplyTo(bubble, () => answerTo(null));
}

const react = (bubble, emoji) =>
  tried(async () => {
    await api.react(world.person.id, world.number.id, bubble.id, emoji);
    await refreshChat(world.person.id, world.number.id);
  });

async function play(id) {
  world.person = world.people.find((person) => person.id === id);
  chosen = null;
  answerTo(null);
  closeSheet();
  lookAtCurrent();
  drawAll();
  await refreshHeld();
}

async function tried(work) {
  try {
    await work();
  } catch (error) {
    toast(error.message);
  }
}

// What is shown

function drawAll() {
  drawHead();
  drawSides();
  drawChat();
  drawHeld();
  drawPhone();
  refreshMessage();
}

function drawPhone() {
  const { person, number } = world;
  byId("phone-of").textContent = person?.name ?? "This person";
  if (person && number) fillKeepingFocus(byId("phone-switches"), phoneNodes(person, number, () => {}, (error) => toast(error.message)));
}

function drawHead() {
  const { person, number } = world;
  byId("business").textContent = number?.name ?? "No number";
  byId("owner").textContent = person ? `${person.name}’s phone` : "";
  fill(byId("business-avatar"), avatar(number?.name ?? "?"));
  document.title = person ? `${person.name} · Lethe` : "Lethe";
  drawNumbers(byId("numbers"), world.numbers, number?.id);
}

function drawSides() {
  drawPeople(byId("people"), world.people, { current: world.person?.id, last, unread }, play);
  const waiting = world.people.reduce((sum, person) => sum + (person.id === world.person?.id ? 0 : unread(person)), 0);
  byId("elsewhere").hidden = waiting === 0;
  byId("elsewhere").textContent = String(waiting);
}

function drawChat() {
  const { bubbles } = currentChat();
  byId("welcome").hidden = bubbles.length > 0;
  byId("welcome-name").textContent = world.person?.name ?? "";
  byId("welcome-trait").textContent = world.person ? trait(world.person) : "";
  log.draw(currentKey(), bubbles, now());
  log.mark(chosen);
  drawSides();
  drawClock();
}

function drawClock() {
  const time = now();
  byId("phone-time").textContent = hourMinute(time);
  byId("clock-now").textContent = fullTime(time);
  byId("clock-shift").textContent = world.offset >= 1 ? `moved ahead by ${shift(world.offset)}` : "in step with your own clock";
  const { until } = currentChat();
  const left = until ? until - time : 0;
  const pill = byId("window-pill");
  pill.dataset.open = String(left > 0);
  pill.textContent = left > 0 ? `open · ${remaining(left)} left` : "closed: templates only";
  pill.title = left > 0 ? `The business may answer freely until ${fullTime(until)}` : "Until this person writes, the business may send approved templates only";
}

function drawHeld() {
  const { person } = world;
  byId("held-name").textContent = person?.name ?? "this person";
  const value = held.key === currentKey() ? held.value : null;
  fill(byId("held"), ...heldNodes(value, person?.name ?? "This person"));
}

const drawFaults = () => {
  const on = world.faults.length;
  byId("fault-count").textContent = on ? `${on} on` : "";
  fillKeepingFocus(byId("faults"), faultNodes(world.faults, refreshFaults, (error) => { toast(error.message); refreshFaults(); }));
};

function fillKeepingFocus(box, nodes) {
  const focused = box.contains(document.activeElement) ? document.activeElement.id : null;
  box.replaceChildren(...nodes);
  if (focused) byId(focused)?.focus();
}

// What keeps it fresh

async function refreshChat(person, number) {
  await loadChat(person, number);
  drawChat();
}

async function refreshMessage() {
  const bubble = currentChat().bubbles.find(({ id }) => id === chosen) ?? null;
  const told = bubble?.ref ? await api.message(bubble.ref).catch(() => undefined) : undefined;
  if (bubble && bubble.id !== chosen) return;
  fill(byId("message"), ...messageNodes(bubble, told, { react, reply: answerTo }));
}

async function refreshHeld() {
  const { person, number } = world;
  const key = currentKey();
  if (!person || !number || document.hidden) return;
  const value = await api.held({ number_id: number.id, phone: person.phone, user_id: person.user_id }).catch(() => null);
  if (key !== currentKey()) return;
  const emptied = held.key === key && held.value?.total > 0 && value?.total === 0;
  held = { key, value };
  drawHeld();
  if (emptied) { byId("said").textContent = `Nothing is held about ${person.name} any more.`; byId("inspector-panel").scrollTop = 0; }
}

const refreshFaults = () => tried(async () => { await loadFaults(); drawFaults(); });
const refreshClock = () => tried(async () => { await loadClock(); drawChat(); });

async function refreshAll() {
  await loadPeople();
  await Promise.all([loadChats(), loadClock(), loadFaults()]);
  drawAll();
  drawFaults();
  await refreshHeld();
}

function onEvent(event) {
  if (event.type === "typing") log.typing(`${event.person}|${event.number}`);
  else if (event.type === "clock") refreshClock();
  else if (event.type === "fault") soon("faults", refreshFaults);
  else if (event.type === "chat" && event.person) soon(`chat ${event.person}`, () => chatChanged(String(event.person)));
  else if (event.type === "people") soon("all", refreshAll);
  else if (event.type === "reset") { forgetChats(); soon("all", refreshAll); }
}

/** What a change in somebody's conversations may have changed on the page. */
async function chatChanged(person) {
  await Promise.all(world.numbers.map(({ id }) => loadChat(person, id)));
  if (person !== world.person?.id) return drawSides();
  drawChat();
  await Promise.all([refreshHeld(), refreshMessage()]);
}

const due = new Map();

/** Several events in a row ask once; the last one is never lost. */
function soon(name, work) {
  if (due.has(name)) return;
  due.set(name, setTimeout(() => { due.delete(name); tried(work); }, 60));
}

function connected(live) {
  byId("connection").dataset.live = String(live);
  byId("connection").textContent = live ? "live" : "reconnecting …";
}

// Wiring

function start() {
  placeIcons();
  startSheets();
  startComposer({ say, send });
  byId("numbers").addEventListener("change", (event) => {
    world.number = world.numbers.find(({ id }) => id === event.target.value);
    play(world.person.id);
  });
  document.querySelectorAll("[data-advance]").forEach((button) => button.addEventListener("click", () =>
    tried(async () => { await api.advance(Number(button.dataset.advance)); await refreshClock(); })));
  document.querySelectorAll("[data-say]").forEach((button) => button.addEventListener("click", () => say(button.dataset.say)));
  document.addEventListener("visibilitychange", () => { lookAtCurrent(); drawSides(); refreshHeld(); });
  setInterval(drawClock, 1000);
  setInterval(() => { refreshHeld(); if (chosen) refreshMessage(); }, HELD_EVERY);
  follow({ onEvent, onOpen: () => { connected(true); tried(refreshAll); }, onLost: () => connected(false) });
}

start();
