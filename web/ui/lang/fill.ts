/** Fills {0}, {1} and so on of a text; what an argument says stays as it is. */
export const fill = (text: string, ...args: (string | number)[]): string => text.replace(/\{(\d+)\}/g, (all, n: string) => String(args[Number(n)] ?? all));
