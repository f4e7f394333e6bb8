// The conversation as a log: bubbles keep their nodes, so only what is new is read out and animated.
import { bubbleNode, updateStatus } from "./bubble.js";
import { dayKey, dayName, hourMinute } from "./format.js";
import { el } from "./dom.js";

const NEAR = 120;
// What may change without the bubble being built anew; the type of a message never does.
const PASSING = { id: "", type: "", status: "", times: "", pricing: "", error: "" };
const calm = window.matchMedia("(prefers-reduced-motion: reduce)");

/** Draws conversations into `box`; `act` is what the bubbles call. */
export function chatLog(box, act) {
  let shown = new Map();
  let current = null;
  let following = true;
  const dots = el("p", { class: "typing", role: "img", "aria-label": "The business is writing" }, el("i"), el("i"), el("i"));

  function draw(key, bubbles, now) {
    const switched = key !== current;
    const stick = switched || near();
    if (switched) shown = new Map();
    box.setAttribute("aria-busy", String(switched));
    box.classList.toggle("still", switched);
    const grown = place(wanted(bubbles, now));
    current = key;
    requestAnimationFrame(() => box.setAttribute("aria-busy", "false"));
    if (switched || (grown && (stick || bubbles.at(-1)?.mine))) toEnd(switched);
  }

  function wanted(bubbles, now) {
    const nodes = [];
    let day = null;
    for (const bubble of bubbles) {
      const key = bubble.at ? dayKey(bubble.at) : day;
      if (key !== day) nodes.push(["day " + key, dayNode(dayName(bubble.at, now))]);
      day = key;
      nodes.push([bubble.key, bubble.type === "system" ? noteNode(bubble.text) : bubble]);
    }
    return nodes;
  }

  function place(entries) {
    const before = shown;
    shown = new Map(entries.map(([id, value]) => [id, kept(before.get(id), value)]));
    const nodes = [...shown.values()].map(({ node }) => node);
    for (const { node } of before.values()) if (!nodes.includes(node)) node.remove();
    nodes.forEach((node, index) => { if (box.children[index] !== node) box.insertBefore(node, box.children[index] ?? null); });
    while (box.children.length > nodes.length) box.lastElementChild.remove();
    if (!dots.hidden && !entries.at(-1)?.[1].mine) dots.hidden = true;
    if (!dots.hidden) box.append(dots);
    return shown.size > before.size;
  }

  function kept(old, value) {
    if (value instanceof Node) return old && old.node.textContent === value.textContent ? old : { node: value };
    const content = JSON.stringify({ ...value, ...PASSING, at: hourMinute(value.at) });
    const status = JSON.stringify([value.id, value.status, value.times, value.error]);
    if (!old || old.content !== content) return { node: bubbleNode(value, act), content, status };
    if (old.status !== status) updateStatus(old.node, value, act);
    return { node: old.node, content, status };
  }

  const near = () => box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;

  function toEnd(instant) {
    following = true;
    box.scrollTo({ top: box.scrollHeight, behavior: instant || calm.matches ? "instant" : "smooth" });
  }

  // A picture that loads or a keyboard that opens must not push the last words out of sight.
  const settle = () => { if (following) toEnd(true); };
  box.addEventListener("load", settle, true);
  new ResizeObserver(settle).observe(box);
  for (const event of ["wheel", "touchmove", "keydown", "pointerdown"]) box.addEventListener(event, () => { following = near(); }, { passive: true });

  /** Marks the bubble the inspector tells about. */
  function mark(id) {
    for (const { node } of shown.values()) node.classList.toggle("chosen", Boolean(id) && node.dataset.wamid === id);
  }

  let hush = null;

  /** Shows that the business is writing, as long as Meta does: 25 seconds or until the message. */
  function typing(key) {
    if (key !== current) return;
    const stick = near();
    dots.hidden = false;
    box.append(dots);
    if (stick) toEnd(false);
    clearTimeout(hush);
    hush = setTimeout(() => { dots.hidden = true; }, 25000);
  }

  return { draw, mark, typing };
}

const noteNode = (words) => el("p", { class: "note", dir: "auto" }, words);
const dayNode = (name) => el("p", { class: "day" }, el("span", {}, name));
