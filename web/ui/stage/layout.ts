// Where things stand on the stage: a pure function from what there is to rectangles.
// From 1 to 64 partitions it stays readable by showing less: smaller cells, then no
// letters, then one rail a partition. Scrolling is the last resort.

export type Look = "full" | "compact" | "mini" | "rail";

export interface Needs {
  width: number; // of the tapes with their labels, in CSS pixels
  height: number; // that is there; Infinity when the page scrolls instead
  unit: number; // CSS pixels of one design pixel
  topics: number[]; // staves of each topic in view
  groups: number; // most groups that stand in one stave
  followers: number; // most replicas of a stave besides the leader
  wires: boolean; // sockets at the right end
  leaders?: boolean; // the partition leader's id stands left of the partition's number
  ratio?: number; // device pixels of a CSS pixel: cells and staves are whole ones
}

export interface StaveBox {
  top: number; // of the region that belongs to the stave
  cells: number; // top of its cells
  bottom: number;
}

export interface Layout {
  look: Look;
  unit: number;
  left: number; // of the tape
  right: number;
  cellW: number; // a cell with its gap
  cellH: number;
  columns: number; // cells of a tape, the slot at the log end included; 0 for rails
  rows: number; // rows of marks under the cells
  rowH: number;
  rails: number; // rows of followers between the cells and the marks
  railH: number;
  heads: number[]; // y of each topic's heading
  headH: number;
  staves: StaveBox[];
  height: number; // of everything
}

interface Measure {
  look: Look;
  gutter: number; // left of the tape, for labels
  cellW: number;
  cellH: number;
  above: number; // ruler and air
  rowH: number;
  railH: number; // 0: followers are not shown
  rowsMost: number;
  below: number;
  stretch: number; // how much higher a stave may grow than it must
  most: number; // staves, when the page scrolls
}

const looks: Measure[] = [
  { look: "full", gutter: 40, cellW: 26, cellH: 30, above: 22, rowH: 19, railH: 10, rowsMost: 4, below: 8, stretch: 104, most: 9 },
  { look: "compact", gutter: 34, cellW: 19, cellH: 19, above: 5, rowH: 10, railH: 5, rowsMost: 4, below: 5, stretch: 30, most: 24 },
  { look: "compact", gutter: 34, cellW: 18, cellH: 17, above: 4, rowH: 6.5, railH: 4, rowsMost: 4, below: 3, stretch: 30, most: 24 },
  { look: "mini", gutter: 30, cellW: 12, cellH: 14, above: 3, rowH: 0, railH: 0, rowsMost: 0, below: 3, stretch: 14, most: 40 },
  { look: "mini", gutter: 26, cellW: 8, cellH: 9, above: 2, rowH: 0, railH: 0, rowsMost: 0, below: 2, stretch: 14, most: 64 },
  { look: "rail", gutter: 26, cellW: 0, cellH: 5, above: 1.5, rowH: 0, railH: 0, rowsMost: 0, below: 1.5, stretch: 6, most: Infinity },
];

const headHeight = 38;
/** On a large screen few staves are drawn larger, as long as so many columns remain. */
const zooms = [1.6, 1.4, 1.2];
const zoomedColumns = 26;
const socketRoom = 26;
const leaderRoom = 18;
const cellsMost = 200;

export function layout(needs: Needs): Layout {
  let { unit } = needs;
  const staves = needs.topics.reduce((sum, n) => sum + n, 0);
  const shownTopics = needs.topics.filter((n) => n > 0).length;
  const headH = headHeight * unit;
  const room = needs.height - shownTopics * headH;
  const measure = looks.find((m) => fits(m, needs, staves, room)) ?? looks[looks.length - 1]!;
  const rows = Math.min(needs.groups, measure.rowsMost);
  if (measure.look === "full" && room !== Infinity) {
    const high = leastHeight(measure, rows, needs.followers) + 24;
    const zoom = zooms.find((z) => staves * high * z * unit <= room && needs.width >= zoomedColumns * measure.cellW * z * unit);
    unit *= zoom ?? 1;
  }
  const least = leastHeight(measure, rows, needs.followers) * unit;
  const pitch = staves === 0 || room === Infinity ? least + 6 * unit : clamp(room / staves, least, least + measure.stretch * unit);

  const left = (measure.gutter + (needs.leaders && measure.look === "full" ? leaderRoom : 0)) * unit;
  const right = Math.max(left + 4 * unit, needs.width - (needs.wires ? socketRoom : 6) * unit);
  const ratio = needs.ratio ?? 1;
  const whole = (v: number): number => Math.floor(v * ratio + 1e-6) / ratio; // a sharp edge is also one that is drawn fast
  const { columns, cellW } = divide(measure, right - left, unit, ratio);
  const result: Layout = {
    look: measure.look,
    unit,
    left,
    right: columns > 0 ? left + columns * cellW : right,
    cellW,
    cellH: whole(measure.cellH * unit * (columns > 0 ? Math.min(1.1, cellW / (measure.cellW * unit)) : 1)),
    columns,
    rows,
    rowH: measure.rowH * unit,
    rails: measure.railH > 0 ? needs.followers : 0,
    railH: measure.railH * unit,
    heads: [],
    headH,
    staves: [],
    height: 0,
  };
  let y = 0;
  for (const count of needs.topics) {
    result.heads.push(y);
    if (count === 0) continue;
    y += headH;
    for (let i = 0; i < count; i++) {
      const slack = (pitch - least) / 2;
      result.staves.push({ top: whole(y), cells: whole(y + measure.above * unit + Math.min(slack, 22 * unit)), bottom: whole(y + pitch) });
      y += pitch;
    }
  }
  result.height = Math.max(y, result.staves.at(-1)?.bottom ?? 0); // rounding has left it higher by less than one sees
  return result;
}

function leastHeight(m: Measure, rows: number, followers: number): number {
  return m.above + m.cellH + followers * m.railH + rows * m.rowH + m.below;
}

function fits(m: Measure, needs: Needs, staves: number, room: number): boolean {
  if (room === Infinity) return staves <= m.most;
  return staves * leastHeight(m, Math.min(needs.groups, m.rowsMost), needs.followers) * needs.unit <= room;
}

/** Whole columns: cells grow by at most a fifth so that no half cell stands at the end. */
function divide(m: Measure, width: number, unit: number, ratio: number): { columns: number; cellW: number } {
  if (m.cellW === 0) return { columns: 0, cellW: 0 };
  const columns = clamp(Math.floor(width / (m.cellW * unit)), 2, cellsMost);
  const cellW = Math.min(width / columns, m.cellW * 1.2 * unit);
  return { columns, cellW: Math.max(1, Math.floor(cellW * ratio)) / ratio };
}

/** How many cells to ask for: those that fit and some that scroll out at the left. */
export function cellsWanted(l: Layout): number {
  return Math.min(cellsMost, Math.ceil(Math.max(l.columns, 8) * 1.6));
}

export const clamp = (v: number, low: number, high: number): number => Math.max(low, Math.min(high, v));
