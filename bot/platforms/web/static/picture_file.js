// The picture with its names, as a canvas of its own: for a file.

export function pictureOf(timeline) {
  const scale = 2;
  const sheet = document.createElement("canvas");
  const margin = 16;
  const height = timeline.height + 26;
  sheet.width = (timeline.width + 2 * margin) * scale;
  sheet.height = (height + 2 * margin) * scale;
  const pen = sheet.getContext("2d");
  pen.scale(scale, scale);
  pen.fillStyle = timeline.palette.card;
  pen.fillRect(0, 0, timeline.width + 2 * margin, height + 2 * margin);
  pen.translate(margin, margin);
  pen.drawImage(timeline.canvas, 0, 0, timeline.width, timeline.height);
  pen.drawImage(timeline.axis, 0, timeline.height, timeline.width, 26);
  const origin = timeline.inner.getBoundingClientRect();
  for (const element of timeline.rows.querySelectorAll("bdi, small, b")) {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    pen.font = `${style.fontWeight} ${style.fontSize} ${timeline.fonts}`;
    pen.fillStyle = style.color;
    pen.textBaseline = "middle";
    pen.fillText(element.textContent, box.left - origin.left, box.top - origin.top + box.height / 2, box.width + 1);
  }
  return sheet;
}
