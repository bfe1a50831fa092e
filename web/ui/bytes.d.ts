// Test data that the build of the tests puts in as bytes.
declare module "*.bin" {
  const bytes: Uint8Array;
  export default bytes;
}

declare module "*.lazy.css" {
  const css: string;
  export default css;
}

// The address of a script that is built by itself (cmd/bundle/script.go).
declare module "built:*" {
  const address: string;
  export default address;
}
