// Runs the playground's engine as a page does in its first minutes, and prints the numbers
// of the functions that were called. Time is counted, not measured: every run is the same.
import { readFileSync } from "node:fs";
import vm from "node:vm";

const [support, file, version] = process.argv.slice(2);
vm.runInThisContext(readFileSync(support, "utf8"), { filename: "wasm_exec.js" });

const go = new globalThis.Go();
const { instance } = await WebAssembly.instantiate(readFileSync(file), go.importObject);
void go.run(instance);
const engine = instance.exports;

const give = (bytes) => {
  const at = engine.input(bytes.length);
  new Uint8Array(engine.mem.buffer, at, bytes.length).set(bytes);
  return bytes.length;
};
const must = (code) => {
  if (code === -1000) throw new Error(new TextDecoder().decode(new Uint8Array(engine.mem.buffer, engine.outputAt(), engine.fault())));
  return code;
};
const start = 1_700_000_000_000;
let now = start;
must(engine.start(0, now));

// The packets are those of web/ui/source/packets.ts, whose version is told.
const packet = (...bytes) => must(engine.receive(give(Uint8Array.from(bytes))));
const text = (s) => [...new TextEncoder().encode(s)];
const drain = () => {
  for (let n = must(engine.output()); n > 0; n = must(engine.output()));
};
const run = (ms) => {
  for (const end = now + ms; now < end; now += 16) {
    packet(4, 24, 0); // pull a frame
    must(engine.tick(now));
    drain();
  }
};
let scripts = 0;
const line = (s) => {
  packet(2, ++scripts, 0, 0, 0, ...text(s));
  run(4000);
};

// A question, as in web/ui/source/packets.ts.
const ask = (s) => {
  packet(7, ++scripts, 0, 0, 0, ...text(s));
  drain();
};

packet(1, Number(version), 0, ...text("rehearsal"));
run(12_000);
// What visitors do first.
line("consumer add c3 group=billing topics=orders process=150ms session.timeout.ms=8s heartbeat.interval.ms=2s auto.offset.reset=earliest");
line("consumer crash c1");
run(10_000);
line("send orders hello key=my-key");
ask("why member billing c2"); // whoever selects something is told why
line("topic partitions orders 4");
line("consumer leave c3");
line("topic create notes partitions=2");
line("producer add p3 topic=notes rate=2/s keys=a,b value=x");
line("nonsense");
line("pause");
line("play");
line("speed 2");

const called = [];
for (let i = 0; ; i++) {
  const mark = engine[`c${i}`];
  if (mark === undefined) break;
  if (mark.value !== 0) called.push(i);
}
process.stdout.write(JSON.stringify(called), () => process.exit(0));
