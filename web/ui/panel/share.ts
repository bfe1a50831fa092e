// A run as a link: its lines of script in the fragment of the address, which no server sees.
// Short ones are written as they are, long ones compressed, both with a checksum. That of a
// short one stands before it, with its length: a link that was cut off says so.

import { words } from "../lang/share.ts";

/** A link longer than this does not survive everywhere, so it is refused. */
const linkMost = 60_000;
const shortMost = 400;
/** A script longer than this, in bytes, is none that a page plays. */
const scriptMost = 1_000_000;
/** So many bytes are unpacked at a time: what stands before a damaged place can be read. */
const pieceBytes = 256;
const plain = "#script";
const plainParts = /^(?:\.([^=]{4})([^=]+))?=(.*)$/s; // sum, length and text; links had the text alone once
const packed = "#run=";
const sumMark = "~";

/** What is wrong with a link; script is what can be read of it. */
export class BadLink extends Error {
  constructor(message: string, readonly script: string) {
    super(message);
  }
}

/** The fragment for a script. */
export async function fragmentOf(script: string): Promise<string> {
  const text = new TextEncoder().encode(script);
  if (script.length <= shortMost) return `${plain}.${shortSum(text)}${script.length.toString(36)}=${encodeURIComponent(script)}`;
  const bytes = new Uint8Array(await new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("deflate-raw"))).arrayBuffer());
  let letters = "";
  for (const byte of bytes) letters += String.fromCharCode(byte);
  const fragment = packed + btoa(letters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "") + sumMark + sumOf(text);
  if (fragment.length > linkMost) throw new Error(words.tooLong);
  return fragment;
}

/** The script in a fragment; null when there is none. It rejects with a BadLink. */
export async function scriptOf(fragment: string): Promise<string | null> {
  if (fragment.startsWith(plain)) return fromPlain(fragment.slice(plain.length));
  if (fragment.startsWith(packed)) return fromPacked(fragment.slice(packed.length));
  if (packed.startsWith(fragment) && fragment.startsWith("#run")) throw new BadLink(words.cutOff, "");
  return null;
}

function fromPlain(rest: string): string {
  const [, sum, size, text] = plainParts.exec(rest) ?? [];
  if (text === undefined) throw new BadLink(rest.includes("=") ? words.changed : words.cutOff, "");
  const length = size ? parseInt(size, 36) : 0; // of the script, if the link says so
  let script = decoded(text);
  for (let cut = 1; script === null && length > 0 && cut < letterMost; cut++) script = decoded(text.slice(0, -cut));
  if (script !== null && script.length < length) throw new BadLink(words.cutOff, script);
  script = decoded(text);
  if (script === null) throw new BadLink(words.noText, text.replace(/%[0-7][\da-f]|%[c-f][\da-f](?:%[89ab][\da-f])+/gi, (run) => decoded(run) ?? run));
  if (script.length > scriptMost) throw new BadLink(words.longLink, script.slice(0, scriptMost));
  if (sum && (script.length !== length || shortSum(new TextEncoder().encode(script)) !== sum)) throw new BadLink(words.changed, script);
  return script;
}

/** The most characters that one letter takes in a link: four bytes, each as %F0. */
const letterMost = 12;

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

async function fromPacked(text: string): Promise<string> {
  const [letters = "", sum] = text.split(sumMark);
  const odd = /[^A-Za-z0-9_-]/.exec(letters);
  const base64 = (odd ? letters.slice(0, odd.index) : letters).replaceAll("-", "+").replaceAll("_", "/");
  const whole = base64.length % 4 === 1 ? base64.slice(0, -1) : base64;
  const { bytes, wrong } = await unpack(Uint8Array.from(atob(whole), (c) => c.charCodeAt(0)));
  const script = new TextDecoder().decode(bytes);
  if (odd) throw new BadLink(words.oddLetter(odd[0], packed.length + odd.index + 1), script);
  if (wrong === "long") throw new BadLink(words.longLink, script);
  if (wrong === "cut" || (whole !== base64 && sum === undefined)) throw new BadLink(words.cutOff, script);
  if (wrong || script.includes("\ufffd") || (sum !== undefined && sum !== sumOf(bytes))) throw new BadLink(words.changed, script);
  return script;
}

/** Unpacks as much as can be, and says what is wrong with the rest. */
async function unpack(bytes: Uint8Array<ArrayBuffer>): Promise<{ bytes: Uint8Array<ArrayBuffer>; wrong: "" | "cut" | "changed" | "long" }> {
  const stream = new DecompressionStream("deflate-raw");
  const writer = stream.writable.getWriter();
  let wrong: "" | "cut" | "changed" | "long" = "";
  const fed = (async () => {
    try {
      for (let at = 0; at < bytes.length; at += pieceBytes) await writer.write(bytes.subarray(at, at + pieceBytes));
    } catch {
      wrong ||= "changed";
      return;
    }
    await new Promise((resolve) => setTimeout(resolve)); // what is unpacked by now is read before an error discards it
    await writer.close().catch(() => (wrong ||= "cut"));
  })();
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  let size = 0;
  const reader = stream.readable.getReader();
  try {
    for (let next = await reader.read(); !next.done; next = await reader.read()) {
      pieces.push(next.value);
      size += next.value.length;
      if (size <= scriptMost) continue;
      wrong = "long";
      await reader.cancel();
      break;
    }
  } catch {
    // Whoever fed it knows what is wrong.
  }
  await fed;
  return { bytes: new Uint8Array(await new Blob(pieces).arrayBuffer()).subarray(0, scriptMost), wrong };
}

/** The end of a sum: four letters are enough where there is a length too. */
const shortSum = (bytes: Uint8Array): string => sumOf(bytes).padStart(4, "0").slice(-4);

/** FNV-1a: whether a link is as it was made. */
function sumOf(bytes: Uint8Array): string {
  let sum = 0x811c9dc5;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193);
  return (sum >>> 0).toString(36);
}
