import catalogue from "../../../lang/ko/sentences.json";
import { fill } from "../fill.ts";
import type { SentenceWords } from "../sentences.ts";
import { josa } from "./josa.ts";

const korean = new Map(Object.entries(catalogue));

export const sentences: SentenceWords = {
  say: (key, args) => {
    const template = korean.get(key);
    return template === undefined ? undefined : josa(fill(template, ...args));
  },
};
