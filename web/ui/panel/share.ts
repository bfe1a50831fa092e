// A run as a link: its lines of script in the fragment of the address, which no server sees.
// Short ones are written as they are, long ones compressed, with a checksum.

import { words } from "../lang/share.ts";

/** A link longer than this does not survive everywhere, so it is refused. */
const linkMost = 60_000;
const shortMost = 400;
/** A script longer than this, in bytes, is none that a page plays. */
const scriptMost = 1_000_000;
/** So many bytes are unpacked at a time: what stands before a damaged place can be read. */
const pieceBytes = 256;
const plain = "#script=";
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
  if (script.length <= shortMost) return plain + encodeURIComponent(script);
  const text = new TextEncoder().encode(script);
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
  return fragment.startsWith(packed) ? fromPacked(fragment.slice(packed.length)) : null;
}

function fromPlain(text: string): string {
  let script: string;
  try {
    script = decodeURIComponent(text);
  } catch {
    const readable = text.replace(/%[0-7][\da-f]|%[c-f][\da-f](?:%[89ab][\da-f])+/gi, (run) => {
      try {
        return decodeURIComponent(run);
      } catch {
        return run;
      }
    });
    throw new BadLink(words.noText, readable);
  }
  if (script.length > scriptMost) throw new BadLink(words.longLink, script.slice(0, scriptMost));
  return script;
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

/** FNV-1a: whether a link is as it was made. */
function sumOf(bytes: Uint8Array): string {
  let sum = 0x811c9dc5;
  for (const byte of bytes) sum = Math.imul(sum ^ byte, 0x01000193);
  return (sum >>> 0).toString(36);
}
