// One bubble of the conversation: what it says, what can be tapped, and its ticks.
import { anchor, fullTime, hourMinute, moment, rich } from "./format.js";
import { el, icon } from "./dom.js";

const TICKS = { pending: "clock", accepted: "clock", sent: "sent", delivered: "double", read: "double", played: "double", failed: "failed" };
const SAID = { pending: "on its way", accepted: "accepted, not sent yet", played: "played" };

/** The node of a bubble; `act` carries what a tap does (inspect, choose, openList) and tells what was `quoted`. */
export function bubbleNode(bubble, act) {
  const side = bubble.mine ? "mine" : "theirs";
  const node = el("article", {
    class: `bubble ${side}`, testid: "bubble",
    data: { direction: bubble.mine ? "in" : "out", wamid: bubble.id ?? "", status: bubble.status },
  }, paper(bubble, act), reactionsNode(bubble), choicesNode(bubble, act));
  return node;
}

/** Brings ticks and status up to date without building the bubble anew, so that nothing is read out twice. */
export function updateStatus(node, bubble, act) {
  Object.assign(node.dataset, { status: bubble.status, wamid: bubble.id });
  const [meta, next] = [node.querySelector(".meta"), metaNode(bubble, act)];
  for (const name of ["title", "aria-label"]) meta.setAttribute(name, next.getAttribute(name));
  meta.querySelector(".tick").replaceWith(next.querySelector(".tick"));
  node.querySelector(".why-failed")?.remove();
  if (bubble.status === "failed") node.querySelector(".paper").append(failedNode(bubble));
}

function paper(bubble, act) {
  const inspect = (event) => { if (!event.target.closest("a, button, audio, video")) act.inspect(bubble); };
  return el("div", { class: "paper", on: { click: inspect } },
    bubble.forwarded && el("p", { class: "label" }, "Forwarded"),
    bubble.template && el("p", { class: "label" }, "Template"),
    bubble.quoted && quoteNode(act.quoted(bubble.quoted)),
    mediaNode(bubble.media), locationNode(bubble.location), ...bubble.contacts.map(contactNode),
    bubble.header && el("p", { class: "head", dir: "auto" }, ...rich(bubble.header)),
    bubble.text && el("div", { class: "text", dir: "auto" }, ...rich(bubble.text)),
    bubble.footer && el("p", { class: "foot", dir: "auto" }, ...rich(bubble.footer)),
    bubble.deleted && el("p", { class: "label" }, "This message was taken back"),
    bubble.edited && el("p", { class: "label" }, "Edited"),
    isBare(bubble) && el("p", { class: "label" }, `A message of the kind “${bubble.type}”`),
    metaNode(bubble, act),
    bubble.status === "failed" && failedNode(bubble));
}

const isBare = (bubble) => !bubble.deleted &&
  !(bubble.text || bubble.header || bubble.media || bubble.location || bubble.contacts.length || bubble.footer);

function metaNode(bubble, act) {
  const said = `${bubble.at ? fullTime(bubble.at) : ""}, ${SAID[bubble.status] ?? bubble.status}`;
  const parts = [el("time", {}, hourMinute(bubble.at)), icon(TICKS[bubble.status] ?? "sent", `tick tick-${bubble.status}`)];
  const props = { class: "meta", title: steps(bubble) || said };
  if (bubble.mine) return el("span", { ...props, role: "img", "aria-label": said }, ...parts);
  return el("button", { ...props, type: "button", "aria-label": `${said}. Look behind this message`, on: { click: () => act.inspect(bubble) } }, ...parts);
}

function steps({ times }) {
  const known = Object.entries(times).map(([name, at]) => [name, moment(at)]).filter(([, at]) => at);
  return known.map(([name, at]) => `${name} ${fullTime(at)}`).join("\n");
}

function failedNode(bubble) {
  return el("p", { class: "why-failed" }, icon("failed"), el("span", {}, `Not delivered: ${bubble.error || "no reason given"}`));
}

function quoteNode(quoted) {
  return el("p", { class: "quote", dir: "auto" }, el("span", {}, quoted || "An earlier message"));
}

function mediaNode(media) {
  if (!media) return null;
  const local = media.url && !media.url.includes(":");
  const name = media.name || media.mime || media.kind;
  if ((media.kind === "image" || media.kind === "sticker") && local) return el("img", { class: `media ${media.kind}`, src: media.url, alt: media.name || "A photo", loading: "lazy" });
  if (media.kind === "audio" && local) return el("audio", { class: "media", src: media.url, controls: true, preload: "metadata" });
  if (media.kind === "video" && local) return el("video", { class: "media", src: media.url, controls: true, preload: "metadata" });
  const sign = { image: "photo", sticker: "smile", audio: "voice", video: "video" }[media.kind] ?? "document";
  const inner = [icon(sign), el("span", { class: "file-name", dir: "auto" }, name)];
  if (!media.url) return el("div", { class: "file" }, ...inner);
  return el("a", { class: "file", href: media.url, target: "_blank", rel: "noopener noreferrer" }, ...inner);
}

function locationNode(place) {
  if (!place) return null;
  const [latitude, longitude] = [Number(place.latitude), Number(place.longitude)];
  const map = `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=15/${latitude}/${longitude}`;
  return el("div", { class: "place" },
    el("div", { class: "map", "aria-hidden": "true" }, icon("location")),
    el("p", { class: "place-name", dir: "auto" }, place.name || "A place"),
    place.address && el("p", { class: "foot", dir: "auto" }, place.address),
    anchor(map, `${latitude.toFixed(4)}, ${longitude.toFixed(4)}`));
}

function contactNode(contact) {
  return el("div", { class: "file card" }, icon("contact"),
    el("span", { class: "file-name", dir: "auto" }, contact.name), contact.phone && el("small", {}, contact.phone));
}

function reactionsNode({ reactions }) {
  if (!reactions.length) return null;
  return el("p", { class: "reactions", "aria-label": "Reactions" }, reactions.join(" "));
}

function choicesNode(bubble, act) {
  const rows = bubble.buttons.map((button, index) => choiceNode(bubble, button, index, act));
  if (bubble.list) rows.push(plain("list", bubble.list.button, "list-open", () => act.openList(bubble)));
  return rows.length ? el("div", { class: "choices" }, ...rows) : null;
}

const SIGNS = { url: "link", phone: "call", copy_code: "copy", location: "location", contact: "contact", flow: "document" };

function choiceNode(bubble, button, index, act) {
  const sign = SIGNS[button.kind] ?? "reply";
  const node = button.kind === "url"
    ? anchor(button.url, button.title, { class: "choice", "data-testid": "choice", dir: "auto" })
    : plain(sign, button.title, "choice", () => act.choose(bubble, button, index));
  if (button.kind === "url") node.prepend(icon(sign));
  node.dataset.choice = button.id ?? "";
  return node;
}

function plain(sign, title, testid, onClick) {
  return el("button", { type: "button", class: "choice", testid, dir: "auto", on: { click: onClick } }, icon(sign), title);
}
