// The answer to why something is as it is: engine/why says how it is written.

/** A sentence of the engine's: a template and what goes into it. */
export interface Said {
  template: string;
  args: string[];
}

/** A cause: something that happened, or the line of script that a chain begins with. */
export interface Cause extends Said {
  at: number;
  tone: number;
  line: boolean;
}

export interface Setting {
  name: string;
  value: string;
  standard: string;
  owner: string;
}

/** A question with what answers it; the first one of an answer has no question. */
export interface Part {
  question: Said | null;
  facts: { label: string; value: string }[];
  says: (Said & { formula: boolean })[];
  settings: Setting[];
  causes: Cause[];
}

export interface Answer {
  title: Said;
  parts: Part[];
  further: (Said & { thing: string })[];
}

const unescape = (text: string): string => text.replace(/\\[tn\\]/g, (e) => (e === "\\t" ? "\t" : e === "\\n" ? "\n" : "\\"));

export function parseAnswer(text: string): Answer {
  const part = (question: Said | null): Part => ({ question, facts: [], says: [], settings: [], causes: [] });
  const answer: Answer = { title: { template: "", args: [] }, parts: [part(null)], further: [] };
  for (const line of text.split("\n")) {
    const [kind = "", ...fields] = line.split("\t").map(unescape);
    const [first = "", second = "", third = "", fourth = ""] = fields;
    const said: Said = { template: first, args: fields.slice(1) };
    const here = answer.parts[answer.parts.length - 1]!;
    switch (kind) {
      case "t": answer.title = said; break;
      case "h": answer.parts.push(part(said)); break;
      case "f": here.facts.push({ label: first, value: second }); break;
      case "=": here.says.push({ ...said, formula: true }); break;
      case "n": here.says.push({ ...said, formula: false }); break;
      case "s": here.settings.push({ name: first, value: second, standard: third, owner: fourth }); break;
      case "c": here.causes.push({ at: Number(first), tone: Number(second), template: third, args: fields.slice(3), line: false }); break;
      case "l": here.causes.push({ at: Number(first), tone: 0, template: "$1", args: [second], line: true }); break;
      case "o": answer.further.push({ thing: first, template: second, args: fields.slice(2) }); break;
    }
  }
  return answer;
}
