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

  middle(element) {
    const box = element.getBoundingClientRect();
    return [box.x + box.width / 2, box.y + box.height / 2];
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
