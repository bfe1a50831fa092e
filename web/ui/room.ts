import { chrome } from "./panel/chrome.ts";
import { afterPicture } from "./panel/painted.ts";

afterPicture(async () => {
  await import("./panel/app.ts");
  chrome();
});
