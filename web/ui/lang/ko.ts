// Korean. A plain script that runs before the page's module; see lang.ts.

import { chrome } from "./ko/chrome.ts";
import { numbers } from "./ko/numbers.ts";
import { stage } from "./ko/stage.ts";
import { give } from "./lang.ts";

give({ chrome, numbers, stage });
