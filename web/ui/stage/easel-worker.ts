// The worker that draws a crowd: an easel with a canvas of the page.

import { FrameReader } from "../source/reader.ts";
import type { Frame } from "../source/frame.ts";
import { CrowdEasel } from "./crowd-easel.ts";
import { marksOf, type Setting } from "./easel.ts";
import type { Drawn, Order } from "./far-easel.ts";
import { Grid } from "./grid.ts";
import { Tape, type NamedMark } from "./tape.ts";

type Draw = Extract<Order, { scrolls: Float64Array }>;

const reader = new FrameReader();
let easel: CrowdEasel;
let setting: Setting;
let frame: Frame;
let marks: NamedMark[][] = [];
let tapes: Tape[] = [];
let next: Draw | null = null;
let took = 0; // by the last picture, ms

const say = (message: Drawn): void => (postMessage as (message: Drawn) => void)(message);

/** Draws when the screen takes a picture, and asks for the next one first: it is made while this one is drawn. */
function turn(): void {
  const order = next;
  next = null;
  say({ took });
  if (!order) return; // the stage was arranged anew
  const began = performance.now();
  draw(order);
  took = performance.now() - began;
}

function draw(order: Draw): void {
  tapes.forEach((tape, i) => (tape.scroll = order.scrolls[i]!));
  const { staves, dimmed, all, owners, offset } = order;
  easel.draw({ frame, tapes, marks, staves, dimmed, all, owners, offset, air: order.air && { ...order.air, layout: setting.layout, tapes } });
  if (all) say({ texts: easel.texts() });
}

self.onmessage = ({ data: order }: MessageEvent<Order>) => {
  if ("scrolls" in order) {
    if (order.bytes) {
      frame = reader.frame(order.bytes);
      marks = marksOf(frame);
    }
    next = order;
    requestAnimationFrame(turn);
  } else if ("setting" in order) {
    next = null;
    setting = order.setting;
    easel.arrange(setting);
    tapes = Array.from({ length: setting.staves }, (_, index) => Object.assign(new Tape(), { index }));
  } else {
    easel = new CrowdEasel(order.canvas);
    easel.gridClass = Grid;
    easel.onagain = () => say({ again: true });
    say({ ready: true });
  }
};
