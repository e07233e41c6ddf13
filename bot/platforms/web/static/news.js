// Hears when the lessons have changed. Only a page that is looked at listens: a browser opens no
// more than six connections to one server.

import { root } from "./site.js";

export function listen(changed) {
  let source = null;
  let known = null;

  function hear({ data }) {
    if (known !== null && known !== data) changed();
    known = data;
  }

  function turn() {
    if (document.hidden) {
      source?.close();
      source = null;
    } else if (!source) {
      source = new EventSource(`${root}/api/news`);
      source.addEventListener("message", hear);
    }
  }

  document.addEventListener("visibilitychange", turn);
  addEventListener("pagehide", () => source?.close());
  turn();
}
