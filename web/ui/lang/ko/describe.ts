import type { words } from "../describe.ts";

export const describe: typeof words = {
  which: "출력할 것",
  wide: "넓게",
  nothing: "(출력 없음)",
};
