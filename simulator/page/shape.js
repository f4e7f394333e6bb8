// From a chat entry of the simulator to what a bubble shows; the one place that knows both.
import { moment } from "./format.js";

/** One entry of /sim/chat as plain values. `in` is what the person wrote: it stands on the right. */
export function bubbleOf(entry) {
  return {
    id: entry.wamid,
    mine: entry.direction === "in",
    at: moment(entry.at),
    type: entry.type,
    header: entry.header?.text ?? "",
    text: entry.location || entry.contacts ? "" : (entry.text ?? ""),
    footer: entry.footer ?? "",
    buttons: entry.buttons ?? [],
    list: listOf(entry.list),
    media: mediaOf(entry.media),
    location: entry.location ?? null,
    contacts: (entry.contacts ?? []).map(contactOf),
    template: templateOf(entry.template),
    quoted: entry.context?.wamid ?? entry.context?.message_id ?? null,
    forwarded: Boolean(entry.context?.forwarded),
    reactions: (entry.reactions ?? []).map(({ emoji }) => emoji).filter(Boolean),
    deleted: Boolean(entry.deleted),
    edited: Boolean(entry.edited),
    ref: entry.ref ?? null,
    status: entry.status === "received" ? "sent" : (entry.status ?? "sent"),
    times: entry.status_times ?? {},
    pricing: entry.pricing ?? null,
    error: errorOf(entry.error),
  };
}

function listOf(list) {
  if (!list) return null;
  const sections = new Map();
  for (const row of list.rows) sections.set(row.section ?? "", [...(sections.get(row.section ?? "") ?? []), row]);
  return { button: list.button, sections: [...sections].map(([title, rows]) => ({ title, rows })) };
}

function mediaOf(media) {
  if (!media) return null;
  return { kind: media.kind, name: media.filename ?? "", mime: media.mime_type ?? "", url: media.url ?? media.link ?? null };
}

function contactOf(contact) {
  return { name: contact.name?.formatted_name ?? "A contact", phone: contact.phones?.[0]?.phone ?? "" };
}

function templateOf(template) {
  return template ? { name: template.name ?? "", language: template.language?.code ?? template.language ?? "" } : null;
}

function errorOf(error) {
  if (!error) return "";
  return [error.code, error.error_data?.details ?? error.details ?? error.title ?? error.message].filter(Boolean).join(" · ");
}

const STRESS = /(?<![\p{L}\p{N}])[*_~`]+(?=\S)|(?<=\S)[*_~`]+(?![\p{L}\p{N}])/gu;
const NAMES = { image: "Photo", video: "Video", audio: "Voice note", location: "Location", document: "Document", sticker: "Sticker" };

/** What the list of people shows of a conversation. */
export function preview(bubble) {
  if (!bubble) return "";
  const words = bubble.text || bubble.header || bubble.media?.name || bubble.contacts[0]?.name || bubble.location?.name;
  return words ? words.replace(STRESS, "") : (NAMES[bubble.media?.kind ?? bubble.type] ?? bubble.type);
}
