// A picture of the stage as it is now: an SVG that holds the page's own elements and styles,
// with the canvases as images; or that drawn as a PNG.

const svgSpace = "http://www.w3.org/2000/svg";

/** Every style rule of the page, as text. */
function styles(): string {
  const sheets = [...document.styleSheets, ...document.adoptedStyleSheets];
  return sheets.flatMap((sheet) => [...sheet.cssRules].map((rule) => rule.cssText)).join("\n");
}

/** What a canvas shows, as a URL; what a worker draws on is copied first. */
function pictureOf(canvas: HTMLCanvasElement): string {
  if (!canvas.classList.contains("crowd")) return canvas.toDataURL();
  const copy = document.createElement("canvas");
  copy.width = Math.round(canvas.clientWidth * devicePixelRatio);
  copy.height = Math.round(canvas.clientHeight * devicePixelRatio);
  copy.getContext("2d")!.drawImage(canvas, 0, 0, copy.width, copy.height);
  return copy.toDataURL();
}

/** The stage as an SVG document, in CSS pixels. */
export function svgOf(stage: Element): { text: string; width: number; height: number } {
  const copy = stage.cloneNode(true) as HTMLElement;
  const pictures = stage.querySelectorAll("canvas");
  copy.querySelectorAll("canvas").forEach((canvas, i) => {
    const image = document.createElement("img");
    const from = pictures[i]!;
    image.src = from.clientWidth > 0 && from.clientHeight > 0 ? pictureOf(from) : "data:,";
    image.className = canvas.className;
    image.hidden = canvas.hidden;
    image.style.cssText = `${canvas.style.cssText}; position: absolute; left: 0; top: 0; max-width: none`;
    canvas.replaceWith(image);
  });
  copy.querySelectorAll(".twin, .tip, .unseen, dialog").forEach((part) => part.remove());
  const scroll = stage.querySelector<HTMLElement>(".stage-scroll");
  const hidden = scroll ? scroll.scrollHeight - scroll.clientHeight : 0;
  const width = Math.ceil(stage.clientWidth);
  const height = Math.ceil(stage.clientHeight + hidden);
  copy.querySelector<HTMLElement>(".stage-scroll")?.style.setProperty("overflow", "visible");

  const root = document.documentElement;
  const look = getComputedStyle(root);
  const svg = document.createElementNS(svgSpace, "svg");
  svg.setAttribute("width", String(width));
  svg.setAttribute("height", String(height));
  svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
  svg.setAttribute("data-theme", look.colorScheme.includes("dark") && !look.colorScheme.includes("light") ? "dark" : "light");
  svg.style.fontSize = look.fontSize;
  const style = document.createElementNS(svgSpace, "style");
  style.textContent = styles();
  const room = document.createElementNS(svgSpace, "foreignObject");
  room.setAttribute("width", "100%");
  room.setAttribute("height", "100%");
  const body = document.createElement("div");
  const { fontFamily, lineHeight } = getComputedStyle(document.body);
  Object.assign(body.style, { fontFamily, lineHeight, fontSize: getComputedStyle(document.body).fontSize, height: `${height}px`, display: "flex", flexDirection: "column", background: "var(--paper)", color: "var(--ink)" });
  body.append(copy);
  room.append(body);
  svg.append(style, room);
  return { text: new XMLSerializer().serializeToString(svg), width, height };
}

/** The stage as a PNG, two pixels for each of CSS. It rejects where a browser cannot. */
export async function pngOf(stage: Element): Promise<Blob> {
  const { text, width, height } = svgOf(stage);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  canvas.width = 2 * width;
  canvas.height = 2 * height;
  const ctx = canvas.getContext("2d")!;
  ctx.scale(2, 2);
  ctx.drawImage(image, 0, 0);
  return new Promise((resolve, reject) => canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error())), "image/png"));
}

/** Hands a file to the person. */
export function save(name: string, content: BlobPart, type: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
