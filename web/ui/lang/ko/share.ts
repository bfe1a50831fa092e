import type { words } from "../share.ts";

export const share: typeof words = {
  tooLong: "링크에 담기에는 줄이 너무 많습니다. 대신 스크립트 파일로 저장하세요.",
  damaged: "이 링크의 실행을 읽을 수 없습니다. 링크 일부가 빠졌거나 바뀌었습니다. 링크를 다시 받으세요.",
};
