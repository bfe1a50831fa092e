import type { words } from "../run.ts";

export const run: typeof words = {
  title: "이 실행",
  close: "닫기",
  link: "이 실행의 링크 복사",
  script: "스크립트 파일로 저장",
  openFile: "스크립트 파일 열기",
  picture: "그림으로 저장",
  png: "PNG",
  svg: "SVG",
  events: "모든 이벤트 저장",
  eventsHint: "열 사이가 탭인 표입니다. 스프레드시트에서 열 수 있습니다.",
  compare: "다른 실행과 비교하기",
  notText: (name) => `${name} 파일은 텍스트가 아니어서 스크립트로 읽을 수 없습니다.`,
  tooLarge: (name) => `${name} 파일은 스크립트로는 너무 큽니다. 최대 1MB입니다.`,
  noPicture: "이 브라우저에서는 페이지를 그림으로 만들 수 없습니다. SVG로 저장하거나 화면을 캡처하세요.",
};
