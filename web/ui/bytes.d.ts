// Test data that the build of the tests puts in as bytes.
declare module "*.bin" {
  const bytes: Uint8Array;
  export default bytes;
}

declare module "*.lazy.css" {
  const css: string;
  export default css;
}
