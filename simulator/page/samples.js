// What the attach menu sends: one message of each kind, ready made, with real files (base64 where they are small).

const place = { latitude: 23.0396, longitude: 72.5714, name: "Sabarmati Riverfront", address: "Ashram Road, Ahmedabad" };

const kiran = {
  name: { formatted_name: "Kiran Patel", first_name: "Kiran", last_name: "Patel" },
  phones: [{ phone: "+91 98250 00042", wa_id: "919825000042", type: "CELL" }],
};

const picture = "sample-cake.png";
const cake = ["image", () => bytesOf(picture), { mime_type: "image/png" }];
const order = ["document", () => packed("order.pdf"), { mime_type: "application/pdf", filename: "order.pdf" }];
const voice = ["audio", () => packed("voice.ogg"), { mime_type: "audio/ogg; codecs=opus", voice: true }];
const wish = "Could you make this one?";

/** The rows of the attach menu: `shown` is the bubble at once, `message` what goes to the simulator. */
export const MENU = [
  { testid: "photo", sign: "photo", title: "Photo", words: "a cake with candles", ...file(...cake) },
  { testid: "photo-words", sign: "photo", title: "Photo with words", words: wish, ...file(...cake, wish) },
  { testid: "location", sign: "location", title: "Location", words: `${place.name}, Ahmedabad`, ...plain("location", place) },
  { testid: "contact", sign: "contact", title: "Contact card", words: kiran.name.formatted_name, ...plain("contacts", [kiran]) },
  { testid: "document", sign: "document", title: "Document", words: "order.pdf", ...file(...order) },
  { testid: "voice", sign: "voice", title: "Voice note", words: "two quiet seconds", ...file(...voice) },
];

function plain(type, content) {
  return { shown: { type, [type]: content }, message: async () => ({ type, [type]: content }) };
}

function file(type, data, facts, caption) {
  const content = caption ? { ...facts, caption } : facts;
  const shown = { type, text: caption, media: { ...facts, kind: type, url: type === "image" ? picture : null } };
  return { shown, message: async () => ({ type, [type]: { ...content, data: await data() } }) };
}

const packed = async (name) => (await (await fetch("sample-files.json")).json())[name];

async function bytesOf(url) {
  const bytes = new Uint8Array(await (await fetch(url)).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
