// The page's only way out: the simulator's control side, and through it the bot's demo answers.

/** What the simulator said when it refused, as one line for people. */
export class Refusal extends Error {
  constructor(words, status) {
    super(words);
    this.status = status;
  }
}

async function call(method, path, body) {
  const options = { method, headers: { Accept: "application/json" } };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  const response = await fetch(path, options);
  const answer = await response.json().catch(() => null);
  if (!response.ok) throw new Refusal(reasonOf(answer) ?? `${response.status} ${response.statusText}`, response.status);
  return answer;
}

function reasonOf(answer) {
  const error = answer?.error ?? answer?.message;
  return typeof error === "object" ? error?.message : error;
}

const query = (values) => {
  const known = Object.entries(values).filter(([, value]) => value !== null && value !== undefined && value !== "");
  return new URLSearchParams(known).toString();
};

const forgotten = new Set();

/** The bot's word on a message; null once it holds none any more, for it never will again. */
async function message(ref) {
  if (forgotten.has(ref)) return null;
  try {
    return await call("GET", `/sim/bot/demo/message/${encodeURIComponent(ref)}`);
  } catch (error) {
    if (error.status !== 404) throw error;
    forgotten.add(ref);
    return null;
  }
}

export const api = {
  state: () => call("GET", "/sim/state"),
  people: () => call("GET", "/sim/people"),
  changePerson: (id, facts) => call("POST", "/sim/people", { id, ...facts }),
  chat: (person, number) => call("GET", `/sim/chat?${query({ person, number })}`),
  say: (person, number, text, context) => call("POST", "/sim/say", { person, number, text, context }),
  send: (person, number, message) => call("POST", "/sim/send", { person, number, message }),
  tap: (person, number, wamid, id, index) => call("POST", "/sim/tap", { person, number, wamid, id, index }),
  react: (person, number, wamid, emoji) => call("POST", "/sim/react", { person, number, wamid, emoji }),
  preference: (person, number, value) => call("POST", "/sim/preference", { person, number, value }),
  changeNumber: (person, number, phone) => call("POST", "/sim/change-number", { person, number, phone }),
  clock: () => call("GET", "/sim/clock"),
  advance: (seconds) => call("POST", "/sim/clock", { advance_seconds: seconds }),
  faults: () => call("GET", "/sim/faults"),
  addFault: (fault) => call("POST", "/sim/faults", fault),
  removeFault: (id) => call("DELETE", `/sim/faults?${query({ id })}`),
  message,
  held: (who) => call("GET", `/sim/bot/demo/person?${query(who)}`),
};

/** Follows the simulator's events for good; `onOpen` runs at every (re)connection, to catch up. */
export function follow({ onEvent, onOpen, onLost }) {
  let wait = 500;
  const connect = () => {
    const stream = new EventSource("/sim/stream");
    const take = (event) => onEvent(parse(event));
    stream.onmessage = take;
    for (const name of ["chat", "clock", "people", "fault"]) stream.addEventListener(name, take);
    stream.onopen = () => { wait = 500; onOpen(); };
    stream.onerror = () => {
      onLost();
      stream.close();
      setTimeout(connect, wait);
      wait = Math.min(wait * 2, 8000);
    };
  };
  connect();
}

function parse(event) {
  try {
    return { type: event.type, ...JSON.parse(event.data) };
  } catch {
    return { type: event.type };
  }
}
