// Code of one's own: an editor, and links that carry code in their fragment, which no browser sends
// to the server. Opening such a link fills the editor and runs nothing.

import { codeIn, fillWith } from "./code_areas.js";
import { base } from "./site.js";
import { copied } from "./tools.js";

const KEY = "#code=";

async function through(bytes, stream, most) {
  const reader = new Blob([bytes]).stream().pipeThrough(stream).getReader();
  const chunks = [];
  let size = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new RangeError("too long");
    }
    chunks.push(value);
  }
  return new Uint8Array(await new Blob(chunks).arrayBuffer());
}

async function packed(code) {
  const bytes = await through(
    new TextEncoder().encode(code), new CompressionStream("deflate-raw"), Infinity,
  );
  const text = btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

async function unpacked(text, most) {
  if (text.length > 2 * most) throw new RangeError("too long");
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0));
  const code = await through(bytes, new DecompressionStream("deflate-raw"), most);
  return new TextDecoder("utf-8", { fatal: true }).decode(code);
}

export async function copyLink(form) {
  const url = new URL(`${base}/try`, location.href);
  url.hash = KEY + (await packed(codeIn(form)));
  const done = await copied(url.href);
  history.replaceState(history.state, "", url);
  const said = form.querySelector(".said");
  said.textContent = done ? form.dataset.linked : form.dataset.addressed;
  said.className = "said note info";
}

// Fill the editor with the code that came in the page's address.
export async function fillFromLink() {
  const form = document.querySelector("form.own-code");
  if (!form || !location.hash.startsWith(KEY)) return;
  const said = form.querySelector(".said");
  try {
    const most = Number(form.dataset.longest);
    fillWith(form, await unpacked(location.hash.slice(KEY.length), most));
    said.textContent = form.dataset.foreign;
    said.className = "said note warning";
  } catch {
    said.textContent = form.dataset.broken;
    said.className = "said note error";
  }
}
