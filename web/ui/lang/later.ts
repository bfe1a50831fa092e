// Words that are loaded when they are needed, in the page's language.

import type { Glossary } from "./glossary.ts";
import type { HelpWords } from "./help.ts";

const korean = (): boolean => document.documentElement.lang === "ko";

export async function glossary(): Promise<Glossary> {
  return korean() ? (await import("./ko/glossary.ts")).korean : (await import("./glossary.ts")).english;
}

export async function help(): Promise<HelpWords> {
  return korean() ? (await import("./ko/help.ts")).korean : (await import("./help.ts")).english;
}
