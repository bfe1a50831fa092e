// The panels beside the stage. They are loaded when its first picture stands.

import "./console.ts";
import "./forms.ts";

export { inspector } from "./inspector.ts";
export { ledger } from "./ledger.ts";
