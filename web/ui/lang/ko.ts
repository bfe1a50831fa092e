// Korean. A plain script that runs before the page's module; see lang.ts.

import { aim } from "./ko/aim.ts";
import { app } from "./ko/app.ts";
import { chrome } from "./ko/chrome.ts";
import { compare } from "./ko/compare.ts";
import { console } from "./ko/console.ts";
import { forms } from "./ko/forms.ts";
import { grip } from "./ko/grip.ts";
import { inspector } from "./ko/inspector.ts";
import { lanes } from "./ko/lanes.ts";
import { ledger } from "./ko/ledger.ts";
import { mend } from "./ko/mend.ts";
import { numbers } from "./ko/numbers.ts";
import { run } from "./ko/run.ts";
import { seat } from "./ko/seat.ts";
import { sentences } from "./ko/sentences.ts";
import { share } from "./ko/share.ts";
import { source } from "./ko/source.ts";
import { stage } from "./ko/stage.ts";
import { strip } from "./ko/strip.ts";
import { rail } from "./ko/try.ts";
import { settings } from "./ko/settings.ts";
import { describe } from "./ko/describe.ts";
import { twin } from "./ko/twin.ts";
import { why } from "./ko/why.ts";
import { give } from "./lang.ts";

give({ aim, app, chrome, compare, console, forms, grip, inspector, lanes, ledger, mend, numbers, run, seat, sentences, share, source, stage, strip, try: rail, twin, why, settings, describe });
