import type { words } from "../app.ts";

export const app: typeof words = {
  settings: "설정",
  describe: "실시간 describe",
  noCopy: (link) => `이 브라우저에서는 페이지가 복사할 수 없습니다. 링크: ${link}`,
  noCopyShared: "이 브라우저에서는 페이지가 복사할 수 없습니다. 링크는 지금 주소창에 있습니다.",
  linkCopied: "링크를 복사했습니다",
  share: "이 실행 공유",
  more: "이 실행으로 더 하기",
  openRoom: "라이브 룸 열기",
  liveRoom: "라이브 룸",
  takeSeat: "자리 잡기",
  thingsToTry: "해 볼 것들",
  controls: "조작",
  partMissing: "페이지의 일부를 불러오지 못했습니다. 서버가 켜져 있는지 확인하고 다시 해 보세요.",
  reload: "새로 고침",
  close: "닫기",
  mend: "스크립트 보기",
  tryingAgain: "다시 연결하는 중입니다. 지금 화면은 마지막으로 알려진 상태입니다.",
};
