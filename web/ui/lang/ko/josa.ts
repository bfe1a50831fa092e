// Korean particles depend on the sound before them, which a name decides that is known only
// when the text is shown: "c1[이/가]" becomes "c1이", "c2[이/가]" "c2가". The same rules
// stand in web/lang/particles.go; a test holds both to the same examples.

/** Chooses between the forms in brackets. */
export function josa(text: string): string {
  let done = "";
  for (const part of text.split(/(\[(?:이|은|을|과|으로|이라)\/[^\]]*\])/)) {
    const form = /^\[(이|은|을|과|으로|이라)\/(.*)\]$/.exec(part);
    done += form ? (closed(done, form[1]! === "으로") ? form[1]! : form[2]!) : part;
  }
  return done;
}

/** The last sound of 0 to 9 (영 일 이 삼 사 오 육 칠 팔 구): c a consonant, l the sound of L, v a vowel. */
const digits = "clvcvvcllv";

/** Whether a text ends in a consonant; L counts as none before 으로. Latin words as Koreans say them. */
function closed(text: string, beforeRo: boolean): boolean {
  const last = /([^"')\]}>»\s”’`*.,])["')\]}>»\s”’`*.,]*$/.exec(text)?.[1] ?? "";
  let sound = "v";
  if (last >= "가" && last <= "힣") {
    const final = (last.charCodeAt(0) - 0xac00) % 28;
    sound = final === 0 ? "v" : final === 8 ? "l" : "c";
  } else if (last >= "0" && last <= "9") sound = digits[Number(last)]!;
  else if (/l/i.test(last)) sound = "l";
  else if (/[mnbckp]/i.test(last) || /ng[^a-z]*$/i.test(text)) sound = "c";
  return sound === "c" || (sound === "l" && !beforeRo);
}
