// The engine comes in two parts (cmd/bundle/split.go): what its first minutes need, and the
// rest, which loads while it runs. A call of a function that is not here yet loads the rest
// at once, which only a worker may wait for.

import { fill } from "../lang/fill.ts";
import type { SourceWords } from "../lang/source.ts";

/** A module that turns a JavaScript function of one number into one of WebAssembly. */
const wrapper = Uint8Array.of(
  0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00, // WebAssembly, version 1
  0x01, 0x06, 0x01, 0x60, 0x01, 0x7f, 0x01, 0x7f, // a type: an i32 in, an i32 out
  0x02, 0x07, 0x01, 0x01, 0x68, 0x01, 0x66, 0x00, 0x00, // it imports h.f
  0x07, 0x05, 0x01, 0x01, 0x66, 0x00, 0x00, // and exports it as f
);

type Exports = Record<string, WebAssembly.ExportValue>;

export class Later {
  private linked = false;
  private first: Exports;

  constructor(instance: WebAssembly.Instance, private imports: WebAssembly.Imports, private url: string, private words: SourceWords) {
    this.first = instance.exports;
    const table = this.first["t1"] as WebAssembly.Table;
    const which = this.first[this.lastGlobal()] as WebAssembly.Global;
    const f = (block: number): number => {
      this.loadNow();
      return (table.get(which.value as number) as (block: number) => number)(block);
    };
    const stub = new WebAssembly.Instance(new WebAssembly.Module(wrapper), { h: { f } }).exports["f"];
    for (let i = 0; i < table.length; i++) table.set(i, stub as never);
  }

  /** The global that holds which function is called: the last one that is shared. */
  private lastGlobal(): string {
    let n = 0;
    while (this.first[`g${n + 1}`]) n++;
    return `g${n}`;
  }

  /** Loads the rest in the background; when that fails, the first need loads it. */
  async load(): Promise<void> {
    try {
      const response = await fetch(this.url);
      if (response.ok) this.link(new WebAssembly.Module(await response.arrayBuffer()));
    } catch {
      // It is tried again when it is needed, and then says what is wrong.
    }
  }

  private loadNow(): void {
    const request = new XMLHttpRequest();
    request.open("GET", this.url, false);
    request.responseType = "arraybuffer";
    try {
      request.send();
    } catch {
      throw new Error(this.words.noLater);
    }
    if (request.status !== 200) throw new Error(fill(this.words.laterAnswered, request.status));
    this.link(new WebAssembly.Module(request.response as ArrayBuffer));
  }

  private link(module: WebAssembly.Module): void {
    if (this.linked) return;
    this.linked = true;
    new WebAssembly.Instance(module, { ...this.imports, p: this.first }); // it fills the table
  }
}
