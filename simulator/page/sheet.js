// Sheets: one that rises inside the phone, and on small screens the side panels as sheets over it.
import { byId, el, icon } from "./dom.js";

const PANELS = ["people-panel", "inspector-panel"];
let back = null;

/** Opens the phone's bottom sheet with a title and nodes; what was behind it rests until it closes. */
export function openSheet(title, ...content) {
  const sheet = byId("sheet");
  back = back ?? document.activeElement;
  byId("sheet-title").textContent = title;
  byId("sheet-body").replaceChildren(...content);
  for (const id of ["screen", ...PANELS]) byId(id).inert = true;
  sheet.hidden = false;
  (byId("sheet-body").querySelector("button, input, select") ?? byId("sheet-close")).focus({ preventScroll: true });
}

export function closeSheet() {
  if (byId("sheet").hidden) return;
  byId("sheet").hidden = true;
  byId("screen").inert = false;
  settle(null);
  back?.focus({ preventScroll: true });
  back = null;
}

const small = window.matchMedia("(max-width: 1079px)");

/** Shows a side panel; where both have room it does nothing. */
export function openPanel(id) {
  if (!small.matches) return;
  settle(id);
  byId(id).querySelector(".panel-close").focus({ preventScroll: true });
}

export function closePanels() {
  const open = PANELS.find((id) => byId(id).classList.contains("open"));
  settle(null);
  if (open && small.matches) document.querySelector(`[aria-controls="${open}"]`).focus({ preventScroll: true });
}

function settle(open) {
  for (const id of PANELS) {
    byId(id).classList.toggle("open", id === open);
    byId(id).inert = small.matches && id !== open;
    document.querySelector(`[aria-controls="${id}"]`).setAttribute("aria-expanded", String(id === open));
  }
  byId("phone").inert = Boolean(open);
  byId("shade").hidden = !open;
}

/** Wires Escape, the shades and the close buttons once. */
export function startSheets() {
  settle(null);
  small.addEventListener("change", () => settle(null));
  byId("shade").addEventListener("click", closePanels);
  byId("sheet-shade").addEventListener("click", closeSheet);
  byId("sheet-close").addEventListener("click", closeSheet);
  document.querySelectorAll(".panel-close").forEach((button) => button.addEventListener("click", closePanels));
  document.querySelectorAll("[aria-controls]").forEach((button) =>
    button.addEventListener("click", () => {
      const id = button.getAttribute("aria-controls");
      byId(id).scrollTop = 0;
      openPanel(id);
    }));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") byId("sheet").hidden ? closePanels() : closeSheet();
  });
}

/** The rows of a list message, as the messenger shows them. */
export function listRows(list, choose) {
  return list.sections.map(({ title, rows }) => el("section", { class: "rows" },
    title && el("h3", { dir: "auto" }, title),
    ...rows.map((row) => el("button", { type: "button", class: "row", testid: "list-row", data: { choice: row.id ?? "" }, on: { click: () => choose(row) } },
      el("span", { class: "row-title", dir: "auto" }, row.title),
      row.description && el("span", { class: "row-words", dir: "auto" }, row.description), icon("reply")))));
}

let hush = null;

/** A short word at the foot of the phone when something could not be done. */
export function toast(words) {
  const node = byId("toast");
  node.textContent = words;
  node.hidden = false;
  clearTimeout(hush);
  hush = setTimeout(() => { node.hidden = true; }, 5000);
}
