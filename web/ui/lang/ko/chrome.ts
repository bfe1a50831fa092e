import type { words } from "../chrome.ts";

export const chrome: typeof words = {
  toLight: "밝은 화면으로 바꾸기",
  toDark: "어두운 화면으로 바꾸기",
  help: "키와 용어",
};
