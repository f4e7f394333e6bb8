// From a chat entry of the simulator to what a bubble shows; the one place that knows both.
import { moment } from "./format.js";

const MEDIA = ["image", "video", "audio", "voice", "document", "sticker"];
const RANK = ["pending", "accepted", "sent", "delivered", "read", "played"];

/** One entry of /sim/chat as plain values. `in` is what the person wrote: it stands on the right. */
export function bubbleOf(entry) {
  const body = { ...entry, [entry.type]: entry[entry.type] ?? entry.body };
  const interactive = body.interactive ?? {};
  return {
    id: entry.wamid,
    mine: entry.direction === "in",
    at: moment(entry.at),
    type: entry.type,
    header: textOf(entry.header ?? interactive.header),
    text: textOf(entry.text) || textOf(interactive.body) || captionOf(entry, body),
    footer: textOf(entry.footer ?? interactive.footer),
    buttons: buttonsOf(entry.buttons ?? interactive.action?.buttons ?? []),
    list: listOf(entry.list ?? (interactive.type === "list" ? interactive.action : null)),
    cta: ctaOf(entry.cta ?? (interactive.type === "cta_url" ? interactive.action?.parameters : null)),
    media: mediaOf(entry, body),
    location: body.location ?? null,
    asksLocation: interactive.type === "location_request_message" || entry.type === "location_request_message",
    contacts: (body.contacts ?? []).map(contactOf),
    template: templateOf(entry.template),
    quoted: entry.context?.message_id ?? entry.context?.id ?? null,
    forwarded: Boolean(entry.forwarded ?? entry.context?.forwarded),
    reaction: entry.type === "reaction" ? (entry.reaction ?? body.reaction ?? {}) : null,
    reactions: (entry.reactions ?? []).filter(({ emoji }) => emoji),
    deleted: Boolean(entry.deleted),
    edited: Boolean(entry.edited),
    ref: entry.ref ?? null,
    status: statusOf(entry),
    times: entry.status_times ?? {},
    pricing: entry.pricing ?? null,
    error: errorOf(entry),
  };
}

function textOf(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : String(value.body ?? value.text ?? "");
}

function captionOf(entry, body) {
  return textOf(entry.media?.caption ?? body[entry.type]?.caption);
}

function buttonsOf(buttons) {
  return buttons.map((button, index) => {
    const reply = button.reply ?? button;
    const url = button.url ?? null;
    return { id: reply.id ?? reply.payload ?? null, index, title: reply.title ?? reply.text ?? "", url, phone: button.phone_number ?? null };
  });
}

function listOf(list) {
  if (!list) return null;
  const sections = list.sections ?? [{ title: "", rows: list.rows ?? [] }];
  return { button: textOf(list.button) || "Options", sections: sections.map(({ title, rows }) => ({ title: title ?? "", rows })) };
}

function ctaOf(cta) {
  return cta ? { title: cta.title ?? cta.display_text ?? cta.text ?? cta.url, url: cta.url } : null;
}

function mediaOf(entry, body) {
  const media = entry.media ?? (MEDIA.includes(entry.type) ? body[entry.type] : null);
  if (!media) return null;
  const kind = media.type ?? media.kind ?? (MEDIA.includes(entry.type) ? entry.type : "document");
  const name = media.filename ?? media.name ?? "";
  return { kind: kind === "voice" ? "audio" : kind, name, mime: media.mime_type ?? "", url: media.url ?? media.link ?? null, size: media.file_size ?? media.size ?? null };
}

function contactOf(contact) {
  const name = contact.name?.formatted_name ?? contact.name ?? "A contact";
  return { name: String(name), phone: contact.phones?.[0]?.phone ?? contact.phone ?? "" };
}

function templateOf(template) {
  if (!template) return null;
  return typeof template === "string" ? { name: template, language: "" } : { name: template.name, language: template.language?.code ?? template.language ?? "" };
}

function statusOf({ status, status_times: times = {}, error, errors }) {
  if (error || errors?.length) return "failed";
  if (status) return status;
  const reached = Object.keys(times).filter((name) => RANK.includes(name));
  return reached.sort((a, b) => RANK.indexOf(b) - RANK.indexOf(a))[0] ?? "sent";
}

function errorOf(entry) {
  const error = entry.error ?? entry.errors?.[0] ?? null;
  if (!error) return "";
  if (typeof error === "string") return error;
  const words = error.error_data?.details ?? error.details ?? error.message ?? error.title ?? "";
  return [error.code, words].filter(Boolean).join(" · ");
}

/** Bubbles in their order, reactions moved onto the bubble they belong to. */
export function conversation(entries) {
  const bubbles = entries.map(bubbleOf);
  const byId = new Map(bubbles.map((bubble) => [bubble.id, bubble]));
  for (const { reaction, mine } of bubbles) {
    const target = reaction && byId.get(reaction.message_id);
    if (!target) continue;
    target.reactions = target.reactions.filter((other) => other.mine !== mine);
    if (reaction.emoji) target.reactions.push({ mine, emoji: reaction.emoji });
  }
  return bubbles.filter((bubble) => !bubble.reaction);
}

/** What the list of people shows of a conversation. */
export function preview(bubble) {
  if (!bubble) return "";
  const words = bubble.text || bubble.header || bubble.media?.name || bubble.contacts[0]?.name || bubble.location?.name;
  if (words) return words.replace(/(?<![\p{L}\p{N}])[*_~`]+(?=\S)|(?<=\S)[*_~`]+(?![\p{L}\p{N}])/gu, "");
  return { image: "Photo", video: "Video", audio: "Voice note", location: "Location", document: "Document" }[bubble.type] || bubble.type;
}
