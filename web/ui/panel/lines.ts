// The lines of script that buttons and forms stand for (engine/script/doc.go).

export type FormName = "send" | "consumer" | "producer" | "topic";

/** A word of a script line: in quotes where it needs them. */
export function word(text: string): string {
  return text === "" || /[\s"=#\\]/.test(text) ? `"${text.replace(/[\\"]/g, "\\$&")}"` : text;
}

/** A script line of words and settings; settings with an empty value are left out. */
export function lineOf(words: string[], settings: Record<string, string> = {}): string {
  const parts = words.map(word);
  for (const [name, value] of Object.entries(settings)) if (value !== "") parts.push(`${name}=${word(value)}`);
  return parts.join(" ");
}

/** The script line that a form stands for. */
export function lineFor(name: FormName, data: FormData): string {
  const value = (field: string): string => String(data.get(field) ?? "");
  const settings: Record<string, string> = {};
  for (const [field] of data) if (!["name", "value", ...(name === "send" ? ["topic"] : [])].includes(field)) settings[field] = value(field).trim();
  switch (name) {
    case "send":
      return lineOf(["send", value("topic"), value("value")], settings);
    case "topic":
      return lineOf(["topic", "create", value("name")], settings);
    default:
      return lineOf([name, "add", value("name")], settings);
  }
}
