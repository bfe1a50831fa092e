// A run as a link: its lines of script in the fragment of the address, which no server sees.
// Short ones are written as they are, long ones compressed.

import { words } from "../lang/share.ts";

/** A link longer than this does not survive everywhere, so it is refused. */
const linkMost = 60_000;
const shortMost = 400;
const plain = "#script=";
const packed = "#run=";

/** The fragment for a script. */
export async function fragmentOf(script: string): Promise<string> {
  if (script.length <= shortMost) return plain + encodeURIComponent(script);
  const bytes = await pipe(new TextEncoder().encode(script), new CompressionStream("deflate-raw"));
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  const fragment = packed + btoa(text).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  if (fragment.length > linkMost) throw new Error(words.tooLong);
  return fragment;
}

/** The script in a fragment; null when there is none. An error says what is wrong with the link. */
export async function scriptOf(fragment: string): Promise<string | null> {
  try {
    if (fragment.startsWith(plain)) return decodeURIComponent(fragment.slice(plain.length));
    if (!fragment.startsWith(packed)) return null;
    const text = atob(fragment.slice(packed.length).replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = await pipe(Uint8Array.from(text, (c) => c.charCodeAt(0)), new DecompressionStream("deflate-raw"));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Error(words.damaged);
  }
}

async function pipe(bytes: Uint8Array<ArrayBuffer>, through: CompressionStream | DecompressionStream): Promise<Uint8Array<ArrayBuffer>> {
  const readable = new Blob([bytes]).stream().pipeThrough(through);
  return new Uint8Array(await new Response(readable).arrayBuffer());
}
