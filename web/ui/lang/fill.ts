/** Fills {0}, {1} and so on of a text. */
export const fill = (text: string, ...args: (string | number)[]): string => args.reduce<string>((t, arg, i) => t.replaceAll(`{${i}}`, String(arg)), text);
