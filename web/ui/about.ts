import { chrome } from "./panel/chrome.ts";

chrome();
