// What the attach menu sends: one message of each kind, ready made.

const photo = (sample, caption) => ({ type: "image", image: { mime_type: "image/jpeg", caption, sample } });

/** The rows of the attach menu; `message` is an inbound message of the Cloud API. */
export const MENU = [
  { testid: "photo", sign: "photo", title: "Photo", words: "a cake with candles", message: () => photo("cake.jpg") },
  { testid: "photo-caption", sign: "photo", title: "Photo with words", words: "“Could you make this one?”", message: () => photo("cake.jpg", "Could you make this one?") },
  { testid: "location", sign: "location", title: "Location", words: "Sabarmati Riverfront, Ahmedabad", message: () => place },
  { testid: "contact", sign: "contact", title: "Contact card", words: "Kiran Patel", message: () => ({ type: "contacts", contacts: [kiran] }) },
  { testid: "document", sign: "document", title: "Document", words: "order.pdf", message: () => ({ type: "document", document: { mime_type: "application/pdf", filename: "order.pdf", sample: "order.pdf" } }) },
  { testid: "voice", sign: "voice", title: "Voice note", words: "two seconds", message: () => ({ type: "audio", audio: { mime_type: "audio/ogg; codecs=opus", voice: true, sample: "voice.ogg" } }) },
];

/** A place for the location sample and for the bot's question “where are you?”. */
export const place = {
  type: "location",
  location: { latitude: 23.0396, longitude: 72.5714, name: "Sabarmati Riverfront", address: "Ashram Road, Ahmedabad" },
};

const kiran = {
  name: { formatted_name: "Kiran Patel", first_name: "Kiran", last_name: "Patel" },
  phones: [{ phone: "+91 98250 00042", wa_id: "919825000042", type: "CELL" }],
};
