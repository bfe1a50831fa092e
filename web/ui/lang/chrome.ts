import { pick } from "./lang.ts";

/** The bar of every page. */
export const words = pick("chrome", {
  toLight: "Switch to light",
  toDark: "Switch to dark",
  help: "Keys and words",
});
