/** One record that a seat processed. */
export interface Processed {
  at: number;
  topic: string;
  partition: number;
  offset: number;
  generation: number;
  key: string | null;
}

/** Reads what the seat's worker gives: a line of names, then a line for each record. */
export function parseHistory(text: string): Processed[] {
  const rows: Processed[] = [];
  for (const line of text.split("\n").slice(1)) {
    const [at, topic, partition, offset, generation, ...key] = line.split(",");
    if (topic === undefined) continue;
    rows.push({ at: Number(at), topic, partition: Number(partition), offset: Number(offset), generation: Number(generation), key: unquote(key.join(",")) });
  }
  return rows;
}

/** A key in quotes as Go writes it; nothing stands for no key. */
function unquote(text: string): string | null {
  if (text === "") return null;
  try {
    return JSON.parse(text) as string;
  } catch {
    return text.slice(1, -1);
  }
}
