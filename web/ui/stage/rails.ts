import { words as text } from "../lang/stage.ts";
import { ReplicaState, type Replica, type Stave } from "../source/frame.ts";
import { clamp, type Layout, type StaveBox } from "./layout.ts";
import { xOf, type Brush, type Tape } from "./tape.ts";

// Followers are thin rails below the cells of their partition leader: as long as their own
// log, with a tick at what they know of the high watermark. A rail that is in sync is
// solid; one that is not is dashed; what diverged from the leader's log is red.

/** The middle of a follower's rail. */
export function railY(l: Layout, box: StaveBox, index: number): number {
  return box.cells + l.cellH + (index + (l.look === "full" ? 0.9 : 0.8)) * l.railH;
}

/** The replicas that are drawn as rails: all but the partition leader. */
export const followers = (stave: Stave): Replica[] => stave.replicas.filter((r) => r.state !== ReplicaState.leads);

export function drawRails(b: Brush, box: StaveBox, stave: Stave, tape: Tape): void {
  followers(stave).forEach((replica, i) => {
    if (i < b.layout.rails) drawRail(b, railY(b.layout, box, i), stave, replica, tape);
  });
}

function drawRail(b: Brush, y: number, stave: Stave, replica: Replica, tape: Tape): void {
  const { ctx, layout: l, palette: p } = b;
  const u = l.unit;
  const at = (offset: number): number => clamp(xOf(offset, stave, tape.scroll, l), l.left, l.right);
  const offline = replica.state === ReplicaState.offline;
  const end = at(replica.leo);
  const torn = replica.diverged >= 0 ? at(replica.diverged) : end;
  const thick = (l.look === "full" ? 3.6 : 2) * u;
  ctx.lineCap = "butt";
  ctx.lineWidth = thick;
  ctx.strokeStyle = p.rule; // all that the rail could hold
  stroke(ctx, l.left, l.right, y);
  missing(ctx, end, at(stave.leo), y, thick, p.rule2);
  ctx.lineWidth = thick;
  ctx.strokeStyle = offline ? p.rule2 : replica.inSync ? p.ink3 : p.warn;
  ctx.setLineDash(replica.inSync ? [] : [3 * u, 2.5 * u]);
  stroke(ctx, at(replica.logStart), torn, y);
  ctx.setLineDash([]);
  if (end > torn) { // its own records, which the partition leader does not have
    ctx.strokeStyle = p.bad;
    ctx.setLineDash([2 * u, 1.2 * u]);
    stroke(ctx, torn, end, y);
    ctx.setLineDash([]);
    ctx.fillStyle = p.bad;
    ctx.fillRect(torn - u, y - 4 * u, 2 * u, 8 * u);
  }
  if (l.look !== "full") return;
  if (!offline) {
    ctx.fillStyle = p.accent;
    ctx.fillRect(at(replica.hw) - 0.75 * u, y - 3 * u, 1.5 * u, 6 * u);
  }
  if (b.plain) return;
  const colour = replica.inSync ? p.ink3 : p.warn;
  b.labels.put(ctx, String(replica.broker), l.left - 9 * u, y, { align: "right", size: 8.5 * u, family: p.mono, colour });
  const what = words(replica, stave);
  if (!what) return;
  const style = { align: "left", size: 9.5 * u, family: p.sans, colour, back: p.paper } as const;
  const from = Math.max(end, at(stave.leo)) + 8 * u;
  const fits = (x: number): boolean => b.labels.box(ctx, what, x, y, style).w + x < l.right;
  if (fits(from)) b.labels.put(ctx, what, from, y, style);
}

/** What a follower has not got yet: an empty rail up to the leader's log end. */
function missing(ctx: CanvasRenderingContext2D, from: number, to: number, y: number, thick: number, colour: string): void {
  if (to <= from + 1) return;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 1;
  ctx.strokeRect(from, y - thick / 2 + 0.5, to - from - 0.5, thick - 1);
}

/** What is worth saying about a follower; nothing while all is well. */
export function words(replica: Replica, stave: Stave): string {
  if (replica.diverged >= 0 && replica.leo > replica.diverged) return text.ownRecords(replica.diverged);
  switch (replica.state) {
    case ReplicaState.offline:
      return text.offline;
    case ReplicaState.added:
      return text.added;
    case ReplicaState.removed:
      return text.removed;
  }
  if (replica.inSync) return "";
  return replica.leo < stave.leo ? text.behind(stave.leo - replica.leo) : text.outOfSync;
}

function stroke(ctx: CanvasRenderingContext2D, from: number, to: number, y: number): void {
  if (to <= from) return;
  ctx.beginPath();
  ctx.moveTo(from, y);
  ctx.lineTo(to, y);
  ctx.stroke();
}
