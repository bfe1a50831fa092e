import { chrome } from "./panel/chrome.ts";
import "./panel/app.ts";

chrome();
