// Copy and download beside code, printed lines and picture.

import { words } from "./site.js";

const status = document.getElementById("status");

export function decorate(part, name = "asyncio") {
  for (const code of part.querySelectorAll(".code:not(:has(.tools))")) {
    const text = () => code.querySelector("pre").textContent;
    const box = tools(text, code.matches(".source") ? `${name}.py` : "");
    if (code.matches(".source")) {
      const change = () => document.dispatchEvent(new CustomEvent("change-code", { detail: text() }));
      box.append(button(words.change, change));
    }
    code.prepend(box);
  }
  for (const list of part.querySelectorAll(".sequence")) {
    if (list.previousElementSibling?.matches(".tools")) continue;
    const text = () =>
      [...list.querySelectorAll("li")].map((line) => printed(line)).join("\n") + "\n";
    list.before(tools(text, `${name}.txt`));
  }
}

export function pictureTools(timeline, name) {
  const box = document.createElement("div");
  box.className = "tools below";
  box.append(button(words.replay.download_picture, async () => {
    const { pictureOf } = await import("./picture_file.js");
    pictureOf(timeline).toBlob((blob) => save(blob, `${name}.png`), "image/png");
  }));
  return box;
}

// A printed line without what tells why it came.
function printed(line) {
  const copy = line.cloneNode(true);
  copy.querySelector(".reasons")?.remove();
  return copy.textContent.trimEnd();
}

// Tell whether the text could be copied: a browser may refuse it.
export async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

function tools(text, file) {
  const box = document.createElement("div");
  box.className = "tools";
  if (navigator.clipboard && (document.featurePolicy?.allowsFeature("clipboard-write") ?? true)) {
    const copy = button(words.copy, async () => {
      const done = await copied(text());
      copy.textContent = status.textContent = done ? words.copied : words.copy_refused;
      setTimeout(() => (copy.textContent = words.copy), 2000);
    });
    copy.classList.add("copy");
    box.append(copy);
  }
  if (file) {
    box.append(button(words.replay.download, () => save(new Blob([text()], { type: "text/plain" }), file)));
  }
  return box;
}

function button(label, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.textContent = label;
  made.addEventListener("click", act);
  return made;
}

function save(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
