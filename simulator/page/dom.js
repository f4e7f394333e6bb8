// Small helpers to build the page from nodes alone: text never becomes markup.

const SVG = "http://www.w3.org/2000/svg";

const ICONS = {
  back: "M15 5l-7 7 7 7",
  people: "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.4-3.6 3-5.5 6.5-5.5s6.1 1.9 6.5 5.5M16 4.5a3.5 3.5 0 0 1 0 6.5M18 14.8c2 .7 3.2 2.4 3.5 5.2",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5M12 7.8v.1",
  send: "M4 12l16-8-5 17-3.5-7zM11.5 14L20 4",
  plus: "M12 5v14M5 12h14",
  close: "M6 6l12 12M18 6L6 18",
  list: "M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01",
  link: "M14 5h5v5M19 5l-9 9M17 14v5H5V7h5",
  reply: "M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6",
  photo: "M4 6.5h4l1.5-2h5l1.5 2h4V19H4zM12 15.8a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4z",
  location: "M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11zM12 12.3a2.3 2.3 0 1 0 0-4.600 2.3 2.3 0 0 0 0 4.600z",
  contact: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.6-4 3.5-6 7.5-6s6.9 2 7.5 6",
  document: "M6 3h8l4 4v14H6zM14 3v4h4M9 12h6M9 16h6",
  voice: "M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zM6 11.5a6 6 0 0 0 12 0M12 17.5V21",
  video: "M4 6h11v12H4zM15 10.5l5-3v9l-5-3z",
  play: "M8 5.5v13l10.5-6.5z",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14c.8 1.4 2 2.2 3.5 2.2s2.700-.8 3.5-2.2M9 9.5v.1M15 9.5v.1",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
  sent: "M5 12.5l4.5 4.5L19 7",
  double: "M2.5 12.5L7 17l9-10M11.5 16l1 1 9-10",
  failed: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v6M12 16.2v.1",
  call: "M6.5 4h3l1.5 4.5-2 1.5a11 11 0 0 0 5 5l1.5-2 4.5 1.5v3a2 2 0 0 1-2.2 2A16 16 0 0 1 4.5 6.2 2 2 0 0 1 6.5 4z",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  off: "M12 3v8M6.5 6.5a8 8 0 1 0 11 0",
  drop: "M12 3.5s6 6.600 6 10.8a6 6 0 0 1-12 0c0-4.2 6-10.8 6-10.8z",
};

/** An element with attributes, listeners (`on`), data (`data`) and children (nodes or text). */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(node, name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function setProp(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") Object.entries(value).forEach(([event, listener]) => node.addEventListener(event, listener));
  else if (name === "data") Object.assign(node.dataset, value);
  else if (name === "testid") node.dataset.testid = value;
  else if (name === "value") node.value = value;
  else node.setAttribute(name, value === true ? "" : value);
}

/** A line icon, hidden from assistive technology: its button carries the label. */
export function icon(name, extra = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name} ${extra}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

export const byId = (id) => document.getElementById(id);

/** Puts the icon named by `data-icon` into every element of the page that asks for one. */
export function placeIcons(root = document) {
  for (const node of root.querySelectorAll("[data-icon]")) node.prepend(icon(node.dataset.icon));
}

/** Replaces what a node holds, unless it would show the same: focus and selection then survive. */
export function fill(node, ...children) {
  const next = el(node.tagName, {}, ...children);
  if (next.innerHTML !== node.innerHTML) node.replaceChildren(...next.childNodes);
}

/** Brings a box's children up to date one by one: what shows the same stays, so that no click falls between. */
export function patch(box, nodes) {
  const focused = box.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
  nodes.forEach((node, index) => {
    const old = box.children[index];
    if (!old) box.append(node);
    else if (old.outerHTML !== node.outerHTML) old.replaceWith(node);
  });
  while (box.children.length > nodes.length) box.lastElementChild.remove();
  if (focused && !box.contains(document.activeElement)) box.querySelector(`[data-testid="${CSS.escape(focused)}"]`)?.focus();
}

/** A round mark with initials; the hue follows the name, so a person keeps a colour. */
export function avatar(name, extra = "") {
  const hue = [...name].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 6;
  const initials = name.split(/\s+/).slice(0, 2).map((word) => [...word][0] ?? "").join("");
  return el("span", { class: `avatar hue-${hue} ${extra}`.trim(), "aria-hidden": "true" }, initials.toUpperCase());
}
