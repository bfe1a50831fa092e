// What show and help print (engine/script), in Korean: the titles of their tables and their
// sentences. Names, values and the words of scripts themselves stay as they are.

import { hint } from "./hints.ts";
import { josa } from "./josa.ts";

/** Titles of tables, by their English. */
const titles = new Map(Object.entries({
  "acknowledged": "승인됨",
  "assignor": "할당 방식",
  "broker": "브로커",
  "client": "클라이언트",
  "committed": "커밋됨",
  "delay": "지연",
  "deliveries": "전달 횟수",
  "diverges at": "갈라진 곳",
  "drop": "유실",
  "duplicate": "중복",
  "end": "끝",
  "epoch": "에포크",
  "failed": "실패",
  "group": "그룹",
  "high watermark": "하이 워터마크",
  "in sync": "동기화",
  "jitter": "지터",
  "key": "키",
  "lag": "랙",
  "leader": "리더",
  "member": "멤버",
  "members": "멤버",
  "name": "이름",
  "offset": "오프셋",
  "operation": "작업",
  "owner": "맡은 멤버",
  "partition": "파티션",
  "partitions": "파티션",
  "pattern": "패턴",
  "permission": "허가",
  "permitted by": "허용한 설정",
  "position": "포지션",
  "principal": "주체",
  "processed": "처리됨",
  "producer": "프로듀서",
  "producer id": "프로듀서 ID",
  "quota": "할당량",
  "rack": "랙(rack)",
  "records": "레코드",
  "reorder": "순서 바뀜",
  "replies": "응답",
  "requests": "요청",
  "resource": "리소스",
  "role": "역할",
  "sent": "보냄",
  "start": "시작",
  "state": "상태",
  "time": "시각",
  "topic": "토픽",
  "transactional id": "트랜잭션 ID",
  "user": "사용자",
  "value": "값",
  "verdict": "판정",
  "Option": "옵션",
  "Description": "설명",
}));

/** What stands in columns for nothing. */
const absent: Record<string, string> = {
  "owner": "nobody", "permitted by": "nothing", "assignor": "none", "committed": "none", "position": "none", "processed": "none", "high watermark": "none",
  "diverges at": "none", "offset": "none", "start": "none", "end": "none",
};

const sentences: [RegExp, string][] = [
  [/^(.+) is (\S+), generation (-?\d+), (\d+) members?(?:, (\S+))?$/, "$1: $2, 세대 $3, 멤버 $4개 $5"],
  [/^(.+) is (\S+), generation (-?\d+), (\d+) records? in hand$/, "$1: $2, 세대 $3, 처리 전 레코드 $4개"],
  [/^(.+) has no partition$/, "$1[은/는] 맡은 파티션이 없습니다"],
  [/^(.+)  \(set on the topic\)$/, "$1  (토픽에 설정됨)"],
  [/^key: /, "키: "],
  [/^value: /, "값: "],
  [/^timestamp: /, "타임스탬프: "],
  [/^header (.+?): /, "헤더 $1: "],
  [/^producer: from outside, /, "producer: 외부에서 옴, "],
  [/^producer: (.+), acknowledged: (\w+), replicated: (\w+), aborted: (\w+), a copy: (\w+), late: (\w+)$/, "프로듀서: $1, 승인됨: $2, 복제됨: $3, 중단됨: $4, 복사본: $5, 늦음: $6"],
  [/^processed in (.+): (\d+)$/, "$1에서 처리됨: $2"],
  [/^sent (\d+), acknowledged (\d+), given up (\d+), in logs (\d+)$/, "보냄 $1, 승인됨 $2, 포기함 $3, 로그에 있음 $4"],
  [/^lost (\d+), duplicated (\d+), out of order (\d+)$/, "유실 $1, 중복 $2, 순서 어긋남 $3"],
  [/^nothing gets from (\d+) to (\d+)$/, "$1에서 $2[으로/로] 아무것도 가지 않습니다"],
  [/^-t TOPIC .*$/, "-t 토픽  -p 파티션  -o beginning|end|오프셋|-N  -c 개수  -K 키 구분자  -f 형식 (%t %p %o %k %s %T)  -b 브로커"],
];
/** Sentences that come after a table, and are no rows of it. */
const after = / has no partition$|^nothing gets from /;

/** What came of a line that only looks: texts and tables, whose first row is their titles. */
export function answer(text: string, asked: string): (string | string[][])[] {
  if (!/^\s*(show|help)\b|--help\b/m.test(asked)) return [text];
  const parts: (string | string[][])[] = [];
  let told: string[] = [];
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const heads = lines[i]!.split(/ {2,}/);
    if (heads.length < 2 || !heads.every((head) => titles.has(head))) {
      told.push(sentence(lines[i]!));
      continue;
    }
    let end = i + 1;
    while (end < lines.length && !after.test(lines[end]!)) end++;
    if (told.length > 0) parts.push(told.join("\n"));
    told = [];
    parts.push(table(lines.slice(i, end), heads));
    i = end - 1;
  }
  return told.length > 0 ? [...parts, told.join("\n")] : parts;
}

function sentence(line: string): string {
  const [, tool, what] = /^([\w-]+): (.+)$/.exec(line) ?? [];
  const said = what && hint(what);
  if (said) return `${tool}: ${said}`;
  return sentences.reduce((now, [english, korean]) => (english.test(now) ? josa(now.replace(english, korean)).trimEnd() : now), line);
}

function table(lines: string[], heads: string[]): string[][] {
  const rows = heads[0] === "Option" ? lines.slice(1).map(option) : cells(lines, heads).slice(1);
  return [heads.map((head) => titles.get(head)!), ...rows.map((row) => row.map((cell, c) => (cell === absent[heads[c]!] ? "없음" : cell)))];
}

function option(line: string): string[] {
  const [, name = line, what = ""] = /^(--[\w-]+(?: <value>)?(?:, again)?) +(.+)$/.exec(line) ?? [];
  return [name.replace("<value>", "<값>").replace(", again", ", 여러 번"), hint(what) ?? what];
}

/** Takes lines apart where two blanks stand in all of them: cells may have single ones. */
function cells(lines: string[], heads: string[]): string[][] {
  const rows = lines.map((line) => [...line]);
  const blank = (at: number): boolean => rows.every((row) => (row[at] ?? " ") === " ");
  const starts = [0];
  let at = 0;
  for (const head of heads.slice(1)) {
    at = lines[0]!.indexOf(`  ${head}`, at) + 2;
    let start = at; // a number may begin before its title
    while (start > starts[starts.length - 1]! && !(blank(start - 1) && blank(start - 2))) start--;
    starts.push(start);
  }
  return rows.map((row) => starts.map((start, c) => row.slice(start, starts[c + 1]).join("").trim()));
}
