import { chrome } from "./panel/chrome.ts";
import "./panel/seat.ts";

chrome();
