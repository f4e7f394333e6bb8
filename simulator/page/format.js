// How times, lengths of time and message texts are shown.
import { el } from "./dom.js";

/** A Date from what the wire carries: seconds, milliseconds or ISO text; null when there is none. */
export function moment(value) {
  if (value === null || value === undefined || value === "") return null;
  const number = Number(value);
  const date = Number.isFinite(number) ? new Date(number < 1e11 ? number * 1000 : number) : new Date(value);
  return Number.isNaN(date.getTime()) ? null : date;
}

const two = (number) => String(number).padStart(2, "0");

export const hourMinute = (date) => (date ? `${two(date.getHours())}:${two(date.getMinutes())}` : "");

export const dayKey = (date) => `${date.getFullYear()}-${date.getMonth()}-${date.getDate()}`;

/** "Today", "Yesterday" or the date, as seen from `now`. */
export function dayName(date, now) {
  const before = new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1);
  if (dayKey(date) === dayKey(now)) return "Today";
  if (dayKey(date) === dayKey(before)) return "Yesterday";
  return date.toLocaleDateString("en-GB", { weekday: "long", day: "numeric", month: "long" });
}

export const fullTime = (date) =>
  date.toLocaleString("en-GB", { weekday: "short", day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** 23:41 for hours and minutes that remain; seconds in the last minute, so that it never reads 0:00 while open. */
export function remaining(milliseconds) {
  const minutes = Math.floor(milliseconds / 60000);
  if (minutes < 1) return `${Math.max(1, Math.ceil(milliseconds / 1000))} s`;
  return `${Math.floor(minutes / 60)}:${two(minutes % 60)}`;
}

/** "+1 d 2 h": how far the simulator's clock has been moved. */
export function shift(seconds) {
  const parts = [[86400, "d"], [3600, "h"], [60, "min"]].map(([size, name]) => {
    const count = Math.floor(seconds / size);
    seconds -= count * size;
    return count ? `${count} ${name}` : null;
  });
  return parts.filter(Boolean).join(" ");
}

const MARKS = { "*": "strong", _: "em", "~": "s" };
const TOKEN = /(```[\s\S]+?```)|(`[^`\n]+`)|(https?:\/\/[^\s<>"'`]+)|(?<![\p{L}\p{N}])([*_~])(?=\S)([^\n]*?\S)\4(?![\p{L}\p{N}])/gu;

/** A message text as nodes: links, and the messenger's *bold*, _italic_, ~struck~ and `mono`. */
export function rich(text) {
  const nodes = [];
  let end = 0;
  for (const match of text.matchAll(TOKEN)) {
    nodes.push(text.slice(end, match.index));
    const [node, length] = tokenNode(match);
    nodes.push(node);
    end = match.index + length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

function tokenNode([whole, block, code, url, mark, inner]) {
  if (block) return [el("code", {}, block.slice(3, -3)), whole.length];
  if (code) return [el("code", {}, code.slice(1, -1)), whole.length];
  if (mark) return [el(MARKS[mark], {}, ...rich(inner)), whole.length];
  const bare = url.replace(/[.,;:!?)\]}*_~।。]+$/u, "");
  return [anchor(bare, bare), bare.length];
}

/** A link that opens apart and tells the other side nothing; anything but http(s) stays text. */
export function anchor(url, label, extra = {}) {
  if (!/^https?:\/\//i.test(url ?? "")) return el("span", extra, label);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer", ...extra }, label);
}
