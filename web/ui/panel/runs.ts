import { words } from "../lang/app.ts";
import { EngineSource } from "../source/engine-source.ts";
import { Session } from "../source/session.ts";
import type { Desk } from "./desk.ts";
import type { Wrong } from "./mend.ts";

/** What Runs needs of the page. */
export interface RunPage {
  readonly live: boolean;
  readonly room: string;
  readonly session: Session | null;
  readonly stage: Element;
  readonly desk: Desk;
  follow(session: Session): void;
  tell(trouble: string, wrong?: Wrong): void;
  requestUpdate(): void;
}

/** What the page does with a whole run: links, files, another run in its place or beside it. */
export class Runs {
  copied = false; // a link is in the clipboard

  constructor(private page: RunPage) {}

  /** Puts the link to a seat into the clipboard. */
  async copySeat(): Promise<void> {
    const link = new URL(`/room/${encodeURIComponent(this.page.room)}/seat`, location.href).href;
    await this.copy(link, words.noCopy(link));
  }

  /** Puts this run into the address, and that into the clipboard. */
  share = async (): Promise<void> => {
    try {
      const { fragmentOf } = await import("./share.ts");
      history.replaceState(null, "", await fragmentOf(await this.printed("show script")));
    } catch (error) {
      this.page.tell(error instanceof Error ? error.message : String(error));
      return;
    }
    await this.copy(location.href, words.noCopyShared);
  };

  private async copy(link: string, refused: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(link);
      this.copied = true;
      this.page.requestUpdate();
    } catch {
      this.page.tell(refused);
    }
  }

  /** Opens the menu of what else can be done with the run. */
  more = async (): Promise<void> => {
    const { openRun } = await import("./run.ts");
    openRun({
      live: this.page.live,
      stage: () => this.page.stage,
      ask: this.printed,
      share: this.share,
      play: this.play,
      wrong: (wrong) => this.page.tell(wrong.why, wrong),
      compare: () => void this.compare(),
      trouble: (text) => this.page.tell(text),
    });
  };

  private async compare(): Promise<void> {
    const { openCompare } = await import("./compare.ts");
    await openCompare((lines) => this.page.desk.run(lines), this.printed);
  }

  /** Plays a script in place of this run, which stays when the script is wrong; gives what is. */
  private play = (script: string): Promise<Wrong | null> =>
    new Promise((resolve) => {
      const session = new Session(new EngineSource(script));
      session.onstate = (state) => {
        if (state.kind !== "failed") return;
        session.close();
        resolve({ why: state.why, script, line: state.line });
      };
      session.ondraw = () => {
        this.page.follow(session);
        resolve(null);
      };
    });

  /** Plays the run of a link. One that does not work is told of, stays at hand, and leaves the page as it was. */
  async open(fragment: string): Promise<void> {
    const { BadLink, scriptOf } = await import("./share.ts");
    try {
      const script = await scriptOf(fragment);
      const wrong = script === null ? null : await this.play(script);
      this.page.tell(wrong?.why ?? "", wrong ?? undefined);
    } catch (error) {
      const { message, script } = error as InstanceType<typeof BadLink>;
      this.page.tell(message, { why: message, script: script || location.href });
    }
  }

  /** Opens a script that does not work, so that it can be mended. */
  mend = async (wrong: Wrong): Promise<void> => {
    const { openMend } = await import("./mend.ts");
    openMend(wrong, this.play, () => this.page.tell(""));
  };

  /** Runs a line that the console does not show, and gives what it prints. */
  private printed = async (line: string): Promise<string> => {
    const [result] = await this.page.session!.run(line);
    if (!result || result.failed) throw new Error(result?.text ?? "");
    return result.text;
  };
}
