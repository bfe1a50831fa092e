// The support code of the Go toolchain that builds the engine. The build resolves the
// module name to that toolchain's own copy, so the two can never differ.
declare module "wasm_exec";

/** One run of a Go program compiled to WebAssembly; wasm_exec defines it on globalThis. */
declare class Go {
  argv: string[];
  env: Record<string, string>;
  exit: (code: number) => void;
  readonly importObject: WebAssembly.Imports;
  run(instance: WebAssembly.Instance): Promise<void>;
}
