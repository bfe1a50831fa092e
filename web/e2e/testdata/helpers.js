// Functions for the expressions of the tests. They see the page as a person does.
globalThis.partitaTest = {
  shown(element) {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.height > 0 && getComputedStyle(element).visibility === "visible";
  },

  // What an element is called: by its label, or by its text.
  name(element) {
    const label = element.getAttribute("aria-label") ?? element.labels?.[0]?.innerText ?? element.innerText;
    return (label ?? "").replace(/\s+/g, " ").trim();
  },

  text(element) {
    return element?.textContent ?? "";
  },

  find(selector, name = "") {
    const all = [...document.querySelectorAll(selector)].filter((e) => this.shown(e));
    return all.find((e) => this.name(e) === name) ?? all.find((e) => this.name(e).includes(name)) ?? null;
  },

  // The point at which a click hits the element, or null when nothing can hit it now: it
  // must stand still for a moment, as it must for a person's hand.
  async reach(selector, name) {
    const element = this.find(selector, name);
    if (!element || element.disabled) return null;
    element.scrollIntoView({ block: "center", inline: "nearest", behavior: "instant" });
    const at = this.middle(element);
    for (let i = 0; i < 3; i++) await new Promise(requestAnimationFrame);
    const hit = document.elementFromPoint(...at);
    const still = String(this.middle(element)) === String(at);
    return still && hit && (element.contains(hit) || hit.contains(element)) ? at : null;
  },

  // Presses the first element that is seen, whatever it is called.
  press(selector) {
    this.find(selector).click();
  },

  // The bit of a cell whose record is gone.
  gap: 1 << 20,

  middle(element) {
    const box = element.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
  },

  // Every text that can be seen inside an element, with the boxes of its lines; what is drawn
  // on the stage's canvas is among them.
  texts(root) {
    const found = [];
    const seen = (element, box) => {
      for (let e = element; e && e !== document.body; e = e.parentElement) {
        const look = getComputedStyle(e);
        if (look.visibility !== "visible" || look.opacity === "0" || e.classList.contains("unseen")) return null;
        if (look.overflowX === "visible" && look.overflowY === "visible") continue;
        const clip = e.getBoundingClientRect();
        box = { x: Math.max(box.x, clip.x), y: Math.max(box.y, clip.y), right: Math.min(box.right, clip.right), bottom: Math.min(box.bottom, clip.bottom) };
      }
      return box.right - box.x > 1 && box.bottom - box.y > 1 ? box : null;
    };
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    const range = document.createRange();
    while (walker.nextNode()) {
      const node = walker.currentNode;
      if (!node.data.trim() || !node.parentElement.checkVisibility()) continue; // what is folded has boxes, too
      range.selectNodeContents(node);
      for (const r of range.getClientRects()) {
        // A line's box is higher than its letters.
        const box = seen(node.parentElement, { x: r.x, y: r.y + r.height * 0.18, right: r.right, bottom: r.bottom - r.height * 0.18 });
        if (box) found.push({ text: node.data.trim(), ...box });
      }
    }
    for (const stage of root.querySelectorAll("partita-stage")) {
      const room = stage.querySelector(".tape-room");
      for (const b of stage.texts()) {
        const box = seen(room, { x: b.x, y: b.y + b.h * 0.1, right: b.x + b.w, bottom: b.y + b.h * 0.9 });
        if (box) found.push({ text: `drawn: ${b.text}`, ...box });
      }
    }
    return found;
  },

  // The pairs of texts that stand on each other.
  overlaps(root) {
    const all = this.texts(root);
    const bad = [];
    for (let i = 0; i < all.length; i++) {
      for (let j = i + 1; j < all.length; j++) {
        const a = all[i], b = all[j];
        if (a.x + 0.5 < b.right && b.x + 0.5 < a.right && a.y + 0.5 < b.bottom && b.y + 0.5 < a.bottom) {
          bad.push(`${a.text} and ${b.text} at ${Math.round(a.x)},${Math.round(a.y)}`);
        }
      }
    }
    return bad;
  },

  // Where a mark of a group stands in the window: committed (its flag, or its tick where
  // cells are small) or position (its diamond), or where it would stand at another offset; in
  // the page's own run, or in the one beside it.
  mark(partition, group, what, offset, beside = false) {
    const stage = document.querySelectorAll("partita-stage")[beside ? 1 : 0];
    const { painter, layout: l } = stage;
    const frame = beside ? this.beside : this.frame;
    const index = frame.staves.findIndex((s) => s.partition === partition);
    const row = painter.marks[index].findIndex((m) => m.groupName === group);
    const mark = painter.marks[index][row];
    const box = stage.querySelector(".tape-room").getBoundingClientRect();
    const stave = l.staves[index];
    const { logStart, leo } = frame.staves[index];
    const at = offset ?? mark[what];
    const x = l.columns > 0 ? l.left + (at - painter.tapes[index].scroll) * l.cellW : l.left + ((at - logStart) / (leo - logStart)) * (l.right - l.left);
    if (l.rowH === 0) return [box.x + x, box.y + stave.cells + l.cellH / 2];
    const y = stave.cells + l.cellH + l.rails * l.railH + (row + (l.look === "full" ? 0.72 : 0.6)) * l.rowH;
    return [box.x + x - (what === "committed" ? 4 : 0), box.y + y - (what === "committed" ? 6 : 0)];
  },

  // The newest frame that the page has.
  get beside() {
    return document.querySelector("partita-app")?.session?.beside ?? null;
  },
  get frame() {
    return document.querySelector("partita-app")?.session?.frame ?? null;
  },

  // How far the page can be scrolled sideways, and what sticks out.
  wide() {
    const width = document.documentElement.clientWidth;
    const out = [];
    for (const element of document.querySelectorAll("body *")) {
      const box = element.getBoundingClientRect();
      if (box.width > 0 && box.right > width + 1 && !this.clipped(element)) out.push(`${element.localName}.${element.className} to ${Math.round(box.right)}`);
    }
    const extra = document.documentElement.scrollWidth - width;
    return { extra, out: extra > 0 ? out.slice(0, 8) : [] };
  },

  // True inside something that hides or scrolls what is too wide.
  clipped(element) {
    for (let e = element.parentElement; e && e !== document.body; e = e.parentElement) {
      if (getComputedStyle(e).overflowX !== "visible") return true;
    }
    return false;
  },
};
