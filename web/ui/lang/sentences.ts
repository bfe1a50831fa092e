import { fill } from "./fill.ts";
import { pick } from "./lang.ts";

/** Sentences that Go tells. English needs no words of its own: it is what Go wrote. */
const words = /* @__PURE__ */ pick("sentences", {
  /** A sentence in the language, by its English with {0}, {1} and so on for the arguments; undefined without a translation. */
  say: (_key: string, _args: string[]): string | undefined => undefined,
});

export type SentenceWords = typeof words;

// The characters that keep a phrase's words and arguments apart: engine/sim/phrase.go.
const phraseMark = 1;
const argMark = 2;
const argEnd = 3;
const marks = /[\x01-\x03]/g;

/** A phrase of the engine's in the page's language; other text as it is. */
export function tell(text: string): string {
  if (text.charCodeAt(0) !== phraseMark) return text;
  let key = "";
  const args: string[] = [];
  let depth = 0;
  let from = 1;
  for (let i = 1; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c === argMark) {
      if (depth++ === 0) {
        key += text.slice(from, i);
        from = i + 1;
      }
    } else if (c === argEnd && depth > 0 && --depth === 0) {
      key += `{${args.length}}`;
      args.push(tell(text.slice(from, i)));
      from = i + 1;
    }
  }
  key += text.slice(from);
  if (!/[A-Za-z]/.test(key.replace(/\{\d+\}/g, ""))) return fill(key, ...args); // nothing but arguments
  return words.say(key, args) ?? text.replace(marks, "");
}
