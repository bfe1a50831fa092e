import { LitElement, html, nothing, render, type TemplateResult } from "lit";
import { customElement, property, state } from "lit/decorators.js";
import { words } from "../lang/app.ts";
import { words as numbers } from "../lang/numbers.ts";
import { EngineSource } from "../source/engine-source.ts";
import type { Frame, Note } from "../source/frame.ts";
import { aligned } from "../source/packets.ts";
import { Session } from "../source/session.ts";
import { SocketSource } from "../source/socket-source.ts";
import { socketUrl } from "../source/socket.ts";
import type { Source, SourceState } from "../source/source.ts";
import type { Thing } from "../stage/hit.ts";
import { cellsWanted } from "../stage/layout.ts";
import type { PartitaStage } from "../stage/stage.ts";
import { icons } from "../stage/icons.ts";
import "../stage/stage.ts";
import "./strip.ts";
import type { PartitaCompare } from "./compare.ts";
import { Desk } from "./desk.ts";
import type { PartitaForms } from "./forms.ts";
import type { FormName } from "./lines.ts";
import type { PartitaTimeline } from "./timeline.ts";
import type { PartitaSettings } from "./settings.ts";
import type { Wrong } from "./mend.ts";
import { Runs } from "./runs.ts";
import { StartMarks } from "./start.ts";
import type { PartitaStrip } from "./strip.ts";
import type { PartitaWhy } from "./why.ts";
import { questionOf } from "./question.ts";
import { suggestions, type Suggestion } from "./suggest.ts";
import { welcomed } from "./terms.ts";
import { tryRail } from "./try.ts";
import { point } from "./welcome.ts";

/** Panels follow the frames this often at most, in ms. */
const panelsEveryMs = 200;
const notesKept = 300;

/** What stages ask of the page. */
interface StageEvents {
  say(event: CustomEvent<string>): void;
  play(): void;
  go(event: CustomEvent<number>): void;
}

/** The page is a file of its own: there is no server with live rooms. */
const alone = document.querySelector('meta[name="partita-alone"]') !== null;

/** The frame that the server put into the page, in base64; null without one. */
function firstFrame(text: string | null): Uint8Array | null {
  return text ? aligned(Uint8Array.from(`\0${atob(text)}`, (c) => c.charCodeAt(0))).subarray(1) : null;
}

/** Since when something in a picture moves by its style sheet, in ms of the page's clock; NaN if nothing does. */
function movesSince(picture: Element): number {
  const [animation] = picture.getAnimations({ subtree: true });
  return animation ? Number(animation.startTime ?? performance.now()) : NaN;
}

/**
 * The playground and the live room: the stage, and panels around it. The server puts a
 * first picture (.first) into the element; it stays until the first frame is drawn.
 */
@customElement("partita-app")
export class PartitaApp extends LitElement {
  @property() mode: "playground" | "room" = "playground";
  @property() room = "main";

  session: Session | null = null;
  @state() private link: SourceState = { kind: "opening" };
  @state() private trouble = ""; // an error of the room's, until it is closed
  private wrong: Wrong | null = null; // the script that it is about
  @state() private selected: Thing | null = null;
  private elsewhere = false; // it is selected in the run that stands beside this one
  @state() private asked = ""; // what the panel that says why is about
  @state() private notes: Note[] = [];
  @state() private drawn = false;
  @state() private told = -1; // the step of the welcome that somebody reads who is here for the first time
  private frame: Frame | null = null;
  private panelsAt = 0;
  private version = 0;
  @state() private side: typeof import("./side.ts") | null = null; // its panels, once they are loaded
  private besides: Promise<void> | null = null; // while they are on their way
  private done = new Set<string>();
  private start = new StartMarks();
  private runs = new Runs(this);
  private first: Element[] = []; // what the server drew, until the stage is there
  private moves = NaN; // since when it does, in ms of the page's clock, if its frame came with it
  readonly desk = new Desk((lines) => this.session!.run(lines), (question) => this.session!.ask(question));

  get live(): boolean {
    return this.mode === "room";
  }

  protected override createRenderRoot(): HTMLElement {
    this.first = [...this.children]; // they stay where they are: they move
    return this;
  }

  /** Where frames come from; tests and the development page put their own here. */
  source(): Source {
    return this.live ? new SocketSource(socketUrl(this.room)) : new EngineSource(this.getAttribute("script") ?? "", this.moves);
  }

  /** A part that is loaded at its first use did not come: the next use tries again. */
  private missing = (event: PromiseRejectionEvent): void => {
    if (!/module/i.test(String(event.reason))) return;
    event.preventDefault();
    this.tell(words.partMissing);
  };

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener("unhandledrejection", this.missing);
    if (!this.live) addEventListener("hashchange", this.openShared); // another link in the same tab
    this.desk.onwhy = (question) => this.ask(question, true, false);
    this.desk.onchange = () => {
      this.version++;
      this.requestUpdate();
    };
    if (!this.live && location.hash.length > 1) return void this.openShared();
    if (!this.live && !welcomed()) this.told = 0;
    this.open();
  }

  /** Plays the run that the address carries, or the opening when it carries none that works. */
  private openShared = async (): Promise<void> => {
    if (/^#(run|script)/.test(location.hash)) await this.runs.open(location.hash);
    if (!this.session) this.open();
  };

  private open(): void {
    const first = this.hasAttribute("script") ? null : firstFrame(this.getAttribute("frame"));
    if (first) this.moves = movesSince(this);
    let source: Source;
    try {
      source = this.source();
    } catch (error) {
      this.link = { kind: "failed", why: error instanceof Error ? error.message : String(error) };
      return;
    }
    this.follow(new Session(source, first));
  }

  /** Draws a session from now on, in place of the one before. */
  follow(session: Session): void {
    this.session?.close();
    this.session = session;
    this.notes = [];
    this.selected = null;
    this.link = session.state;
    session.onstate = (link) => (this.link = link);
    session.onerror = (text) => this.tell(text);
    session.onnotes = (news) => this.hear(news);
    session.ondraw = (frame, fresh) => this.draw(frame, fresh);
    session.onbeside = (frame, fresh) => this.querySelector<PartitaCompare>("partita-compare")?.draw?.(frame, fresh);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("unhandledrejection", this.missing);
    removeEventListener("hashchange", this.openShared);
    this.session?.close();
    this.session = null;
  }

  get stage(): PartitaStage {
    return this.querySelector<PartitaStage>("partita-stage")!;
  }

  /** Says what is wrong, until it is closed. */
  tell(trouble: string, wrong: Wrong | null = null): void {
    this.trouble = trouble;
    this.wrong = wrong;
  }

  private hear(news: Note[]): void {
    const old = this.notes.length > 0 && news[0]!.seq <= this.notes[this.notes.length - 1]!.seq ? [] : this.notes;
    this.notes = [...old, ...news].slice(-notesKept);
  }

  private draw(frame: Frame, fresh: boolean): void {
    const now = performance.now();
    let age = 0;
    if (!this.drawn) {
      this.drawn = true;
      this.panelsAt = now; // the panels come after the picture, which moves the sooner
      age = Math.max(0, now - this.moves || 0);
      for (const old of this.first.splice(0)) old.remove();
      this.performUpdate(); // the stage takes the place of the first picture at once
    }
    this.frame = frame;
    this.stage.draw(frame, fresh, age);
    this.start.note(frame, this.stage);
    if (this.start.moved || frame.paused) this.besides ??= import("./side.ts").then((side) => void (this.side = side));
    if (fresh && now - this.panelsAt > panelsEveryMs) {
      this.panelsAt = now;
      this.requestUpdate();
      if (this.told >= 0) point(this.told);
    }
  }

  /** Goes to a step of the welcome; it does not come again when it has ended. */
  private lead(at: number): void {
    this.told = at;
    if (at < 0) welcomed(true);
    point(at);
  }

  /** The stage has a new layout: ask for as many cells as fit now. */
  private arranged = (): void => {
    const { layout } = this.stage;
    if (layout && this.session) this.session.view = { ...this.session.view, cells: cellsWanted(layout) };
  };

  private act = (line: string): Promise<string> => this.desk.run(line);

  /** Asks why about something on a panel of a stage: of this run, or of the other. */
  private askOf(elsewhere: boolean) {
    return (event: CustomEvent<string>): void => {
      this.selected = null;
      this.elsewhere = elsewhere;
      this.ask(event.detail);
    };
  }

  /** What one would tell Kafka's own tools or client instead of a line. */
  private same = async (line: string): Promise<string> => {
    const answer = await this.session!.ask(`same ${line}`);
    return answer.failed ? "" : answer.text;
  };

  /** Goes to an instant, and stays there. */
  private async go(ms: number): Promise<void> {
    if (!this.frame?.paused) await this.desk.run("pause");
    await this.querySelector<PartitaTimeline>("partita-timeline")!.seek(ms);
  }

  /** Opens the panel that says why; what is on the stage already has the eye there, and who asks in the console goes on there. */
  private ask(question: string, show = false, focus = show): void {
    this.asked = question;
    if (show) this.elsewhere = false; // sentences and verdicts are those of the page's own run
    if (!question) return;
    void import("./why.ts").then(async () => {
      await this.updateComplete;
      if (!show) return;
      const panel = this.querySelector<PartitaWhy>("partita-why");
      await panel?.updateComplete;
      panel?.scrollIntoView({ block: "nearest" });
      if (focus) panel?.querySelector<HTMLElement>("h3")?.focus();
    });
  }

  private unfolded = new Set<string>();
  /** Loads what stands in a part of the rail when it is opened, and ends it when it is closed. */
  private unfold(part: string, load: () => Promise<unknown>) {
    return (event: Event): void => {
      if ((event.target as HTMLDetailsElement).open) {
        this.unfolded.add(part);
        void load();
      } else this.unfolded.delete(part);
      this.requestUpdate();
    };
  }

  private async showSetting(s: { owner: string; name: string }): Promise<void> {
    this.querySelector<HTMLDetailsElement>("details.of-settings")!.open = true;
    this.unfolded.add("settings");
    this.requestUpdate();
    await Promise.all([import("./settings.ts"), this.updateComplete]);
    const panel = this.querySelector<PartitaSettings>("partita-settings");
    await panel?.updateComplete;
    await panel?.show(s.owner, s.name);
  }

  private tryIt(s: Suggestion): void {
    this.done.add(s.id);
    if (s.line) void this.desk.run(s.line);
    if (s.form) void this.querySelector<PartitaForms>("partita-forms")?.show(s.form as FormName);
    this.requestUpdate();
  }

  protected override updated(): void {
    const bar = document.querySelector("header.top");
    if (!bar) return;
    let pill = bar.querySelector<HTMLElement>(".about-room");
    if (!pill) {
      pill = document.createElement("div");
      pill.className = "about-room";
      bar.append(pill);
    }
    render(this.pill(), pill);
  }

  private pill(): TemplateResult {
    const { frame } = this;
    if (!this.live) {
      return html`<button type="button" class="wide" @click=${this.runs.share}>${this.runs.copied ? words.linkCopied : words.share}</button>
        ${alone ? nothing : html`<a class="button wide" href="/room/main">${words.openRoom}</a>`}
        ${this.moreButton()}`;
    }
    return html`
      <span class="room-pill"><span class="wide">${words.liveRoom}</span> <b>${this.room}</b>
        ${frame ? html`<span class="wide">· ${numbers.viewers(frame.viewers)} · ${numbers.tabs(frame.tabs)}</span>` : nothing}</span>
      <a class="button primary" href="/room/${encodeURIComponent(this.room)}/seat" target="_blank">${words.takeSeat}</a>
      ${this.moreButton()}`;
  }

  private moreButton(): TemplateResult {
    return html`<button type="button" class="quiet" aria-label=${words.more} title=${words.more} aria-haspopup="dialog" @click=${this.runs.more}>${icons.more()}</button>`;
  }

  /** The run that stands beside this one, once there is one. */
  private beside(frame: Frame | null, pick: (thing: Thing) => void, on: StageEvents): TemplateResult | typeof nothing {
    if (!frame?.compared) return nothing;
    void import("./compare.ts");
    return html`<partita-compare .frame=${frame} .end=${() => void this.desk.run("compare end")} .pick=${pick} .act=${this.act} .same=${this.same}
      @say=${on.say} @toggle-play=${on.play} @go=${on.go} @ask=${this.askOf(true)}></partita-compare>`;
  }

  protected override render(): TemplateResult | typeof nothing {
    if (!this.drawn) return this.banner();
    const { frame, side } = this;
    const pickIn = (elsewhere: boolean) => (thing: Thing | null): void => {
      this.elsewhere = elsewhere;
      this.selected = thing;
      this.ask(questionOf(thing));
    };
    const pick = pickIn(false);
    const on: StageEvents = {
      say: (e) => this.querySelector<PartitaStrip>("partita-strip")!.say(e.detail),
      play: () => !this.live && void this.desk.run(frame?.paused ? "play" : "pause"),
      go: (e) => void this.go(e.detail),
    };
    const other = this.elsewhere ? this.session?.beside : null;
    return html`
      ${this.banner()}
      <div class="shell ${frame?.compared ? "two" : ""}">
        <partita-stage class="stage" .selected=${this.elsewhere ? null : this.selected}
              @pick=${(e: CustomEvent<Thing>) => pick(e.detail)}
              @view=${(e: CustomEvent<string>) => this.session && (this.session.view = { ...this.session.view, topic: e.detail })}
              @say=${on.say} @toggle-play=${on.play} @go=${on.go} @ask=${this.askOf(false)}
              .act=${this.act} .same=${this.same}
              @line=${(e: CustomEvent<string>) => void this.desk.run(e.detail)}
              @arranged=${this.arranged}></partita-stage>
        ${this.beside(frame, pickIn(true), on)}
        <aside class="rail try" aria-label=${words.thingsToTry}>${tryRail(frame ? suggestions(frame, this.live, this.room) : [], frame, this.live, { done: this.done, copied: this.runs.copied, told: this.told, tell: (at) => this.lead(at), copy: () => void this.runs.copySeat(), try: (s) => this.tryIt(s) })}</aside>
        <aside class="rail side" aria-label=${words.controls}><div class="panels">
          ${frame?.compared ? html`<partita-figures .figures=${frame.figures}></partita-figures>` : nothing}
          ${frame && side ? side.inspector(other ?? frame, this.selected, { run: (line) => void this.desk.run(other ? `other ${line}` : line), pick: other ? pickIn(true) : pick }) : nothing}
          ${this.asked ? html`<partita-why .desk=${this.desk} .question=${this.asked} .elsewhere=${this.elsewhere} .live=${this.live} .paused=${frame?.paused ?? false} .time=${frame?.time ?? 0}
            @unask=${() => (this.asked = "")} @setting=${(e: CustomEvent<{ owner: string; name: string }>) => void this.showSetting(e.detail)}></partita-why>` : nothing}
          ${frame && side ? side.ledger(frame, (question) => this.ask(question, true)) : nothing}
          ${side ? html`<partita-forms class="panel" .frame=${frame} .desk=${this.desk}></partita-forms>
          <details class="panel more of-settings" @toggle=${this.unfold("settings", () => import("./settings.ts"))}><summary>${words.settings}</summary>
            ${this.unfolded.has("settings") ? html`<partita-settings .desk=${this.desk} .frame=${frame}></partita-settings>` : nothing}</details>
          <details class="panel more" @toggle=${this.unfold("describe", () => import("./describe.ts"))}><summary>${words.describe}</summary>
            ${this.unfolded.has("describe") ? html`<partita-describe .desk=${this.desk} .frame=${frame} .time=${frame?.time ?? 0}></partita-describe>` : nothing}</details>` : nothing}</div>
          ${side ? html`<partita-console .desk=${this.desk} .entries=${this.desk.entries} .version=${this.version}></partita-console>` : nothing}
        </aside>
      </div>
      <partita-strip class="strip" .desk=${this.desk} .notes=${this.notes} .live=${this.live} .paused=${frame?.paused ?? false}
        .speed=${frame?.speed ?? 1000} .time=${frame?.time ?? 0} @why=${(e: CustomEvent<string>) => this.ask(e.detail, true)}></partita-strip>`;
  }

  private banner(): TemplateResult | typeof nothing {
    const { link, wrong } = this;
    if (link.kind === "failed") {
      return html`<div class="banner bad" role="alert"><span>${link.why}</span><button type="button" @click=${() => location.reload()}>${words.reload}</button></div>`;
    }
    if (link.kind === "reconnecting") {
      return html`<div class="banner" role="status"><span>${link.why} ${words.tryingAgain}</span></div>`;
    }
    if (this.trouble) {
      return html`<div class="banner bad" role="alert"><span>${this.trouble}</span>${wrong ? html`<button type="button" @click=${() => void this.runs.mend(wrong)}>${words.mend}</button>` : nothing}<button type="button" @click=${() => this.tell("")}>${words.close}</button></div>`;
    }
    return nothing;
  }
}
