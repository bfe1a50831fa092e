import { lineOf } from "./lines.ts";

/** One setting, as the room tells of it (engine/room/ask.go). */
export interface SettingRow {
  name: string;
  value: string;
  standard: string;
  valid: string;
  kafka: boolean;
  locked: boolean;
}

export function parseSettings(text: string): SettingRow[] {
  return text.split("\n").filter(Boolean).map((line) => {
    const [name = "", value = "", standard = "", valid = "", flags = ""] = line.split("\t");
    return { name, value, standard, valid, kafka: flags.includes("k"), locked: flags.includes("l") };
  });
}

/** Whether somebody chose another value than the default; names are no such choice. */
export const isChanged = (r: SettingRow): boolean => r.value !== r.standard && r.name !== "client.id" && r.name !== "group.id";

/** The words that a setting may be, when there are some: [a, b]. */
export function choicesOf(valid: string): string[] {
  return /^\[.*\.\.\./.test(valid) || !valid ? [] : valid.slice(1, -1).split(", ");
}

/** The script line that changes a setting; an empty value goes back to the default. */
export function lineOfSetting(kind: string, name: string, setting: string, value: string): string {
  const verb = kind === "topic" || kind === "broker" ? "config" : "set";
  return value === "" ? `${lineOf([kind, verb, name])} ${setting}=` : lineOf([kind, verb, name], { [setting]: value });
}
