// The time axis of the swimlane. What happens within milliseconds must be told apart, and
// what happens every few seconds must still be in sight: so times in between are shortened,
// and no two instants that differ stand closer than a little.

export interface Scale {
  width: number;
  x(at: number): number;
  ticks: { x: number; at: number }[];
  breaks: number[]; // where time is shortened
}

const nearest = 15;
const farthest = 70;
const pixelsPerMs = 0.05;
const tickEvery = 90;
const tickWidth = 44;
const margin = 12;

/** An axis on which all those instants stand. */
export function scale(instants: number[], now: number): Scale {
  const times = [...new Set(instants)].sort((a, b) => a - b);
  const places: number[] = [];
  const breaks: number[] = [];
  let x = margin;
  times.forEach((at, i) => {
    const gap = i === 0 ? 0 : (at - times[i - 1]!) * pixelsPerMs;
    const step = i === 0 ? 0 : at === now ? Math.min(gap, farthest) : Math.max(nearest, Math.min(gap, farthest));
    if (gap > farthest) breaks.push(x + step / 2);
    x += step;
    places.push(x);
  });
  const width = x + margin;
  const ticks: { x: number; at: number }[] = [];
  times.forEach((at, i) => {
    const last = ticks[ticks.length - 1];
    if ((!last || places[i]! - last.x >= tickEvery) && places[i]! + tickWidth < width) ticks.push({ x: places[i]!, at });
  });
  return {
    width, ticks, breaks,
    x(at) {
      let i = times.length - 1;
      while (i > 0 && times[i]! > at) i--;
      const next = times[i + 1];
      if (at <= times[0]! || next === undefined) return places[i]!;
      return places[i]! + ((places[i + 1]! - places[i]!) * (at - times[i]!)) / (next - times[i]!);
    },
  };
}
