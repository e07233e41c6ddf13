// Where the parts of an answer stand: code on one side, lines and picture on the other, the rest
// above and below. Parts come and change one by one; each keeps its element.

export class Workbench {
  constructor(answer, words) {
    this.answer = answer;
    this.words = words;
    this.parts = [];
    this.boxes = {};
    this.pictures = null;
    this.pictureless = false; // whether a picture could not be shown
  }

  part(index) {
    while (this.parts.length <= index) {
      const part = document.createElement("div");
      part.className = "part";
      this.parts.push(part);
    }
    return this.parts[index];
  }

  // Bring the parts to where they belong; what stands right already is not touched.
  arrange(count) {
    while (this.parts.length > count) this.parts.pop().remove();
    const places = { above: [], code: [], run: [], below: [] };
    const kinds = this.parts.map(placeOf);
    const first = kinds.findIndex((kind) => kind !== "text");
    const last = kinds.findLastIndex((kind) => kind !== "text");
    for (const [index, part] of this.parts.entries()) {
      const kind = kinds[index];
      if (first < 0 || index < first) places.above.push(part);
      else if (kind === "code" || kind === "run") places[kind].push(part);
      else if (index > last) places.below.push(part);
      else places.run.push(part);
    }
    if (first < 0) {
      settle(this.answer, places.above);
      return;
    }
    const { above, split, code, run, below } = this.#boxes();
    places.run.sort((a, b) => order(a) - order(b));
    split.classList.toggle("two", places.code.length > 0);
    settle(above, places.above);
    settle(code, places.code);
    settle(run, places.run);
    settle(below, places.below);
    settle(this.answer, [above, split, below]);
  }

  get runBox() {
    return this.#boxes().run;
  }

  #boxes() {
    if (!this.boxes.split) {
      for (const name of ["above", "split", "code", "run", "below"]) {
        this.boxes[name] = document.createElement("div");
        this.boxes[name].className = `answer-${name}`;
      }
      this.boxes.split.append(this.boxes.code, this.boxes.run);
    }
    return this.boxes;
  }

  async draw(index, raw, likely) {
    (await this.#loaded())?.draw(index, raw, likely);
  }

  async replay(index, raw, name) {
    (await this.#loaded())?.replay(index, raw, name);
  }

  // No more news will come.
  end() {
    this.pictures?.end();
  }

  // What draws is loaded with the first picture. Where that fails, the server may be about to end:
  // its words are worth more than the picture.
  async #loaded() {
    try {
      const { Pictures } = await import("./pictures.js");
      this.pictures ??= new Pictures(this);
    } catch {
      this.pictures = null;
    }
    this.pictureless = this.pictures === null;
    return this.pictures;
  }
}

function placeOf(part) {
  if (part.querySelector(":scope > .source, :scope > .fold:has(.source)")) return "code";
  if (part.querySelector(":scope > .sequence, :scope > .picture, :scope > .measured, :scope > .quiz")) return "run";
  return "text";
}

// The measured time first, then the picture, then what was printed.
function order(part) {
  const names = [".measured", ".picture", ".sequence"];
  const found = names.findIndex((name) => part.querySelector(`:scope > ${name}`));
  return found < 0 ? names.length : found;
}

function settle(box, wanted) {
  const clock = box.querySelector(":scope > .clock");
  const all = clock ? [clock, ...wanted] : wanted;
  if (box.children.length === all.length && all.every((it, index) => box.children[index] === it)) return;
  box.replaceChildren(...all);
}
