/** Fills $1, $2 and so on of a sentence that the engine made (engine/why). */
export const sentence = (template: string, args: string[]): string => template.replace(/\$([1-9])/g, (_, n: string) => args[Number(n) - 1] ?? "");
