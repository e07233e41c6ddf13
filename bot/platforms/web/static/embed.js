// A page inside another site's: it asks and answers as the playground does, and runs what is asked for.

import { watchAsks } from "./asks.js";
import { openForms } from "./loading.js";
import { decorate } from "./tools.js";
import { restore, stopAll } from "./turns.js";

const stop = document.querySelector("button.stop");
stop.addEventListener("click", stopAll);
watchAsks((count) => (stop.hidden = count === 0));
decorate(document.getElementById("turns"));
await restore();
openForms(document.body);
