import type { words } from "../share.ts";

export const share: typeof words = {
  tooLong: "링크에 담기에는 줄이 너무 많습니다. 대신 스크립트 파일로 저장하세요.",
  noText: "이 링크의 스크립트를 읽을 수 없습니다. 일부가 전달 중에 바뀌어 텍스트가 아닙니다.",
  oddLetter: (letter, at) => `이 링크의 실행을 읽을 수 없습니다. ${at}번째 글자 “${letter}”는 링크에 쓰일 수 없습니다.`,
  cutOff: "이 링크의 실행을 읽을 수 없습니다. 링크가 중간에 잘려 끝부분이 없습니다.",
  changed: "이 링크의 실행을 읽을 수 없습니다. 링크 일부가 전달 중에 바뀌었습니다.",
  longLink: "이 링크의 실행이 너무 깁니다. 스크립트는 최대 1MB입니다.",
};
