// The picture with its names, as a canvas of its own: for a file.

export function pictureOf(stage) {
  const scale = 2;
  const sheet = document.createElement("canvas");
  const margin = 16;
  const height = stage.height + 26;
  sheet.width = (stage.width + 2 * margin) * scale;
  sheet.height = (height + 2 * margin) * scale;
  const pen = sheet.getContext("2d");
  pen.scale(scale, scale);
  pen.fillStyle = stage.palette.card;
  pen.fillRect(0, 0, stage.width + 2 * margin, height + 2 * margin);
  pen.translate(margin, margin);
  pen.drawImage(stage.canvas, 0, 0, stage.width, stage.height);
  pen.drawImage(stage.axis, 0, stage.height, stage.width, 26);
  const origin = stage.inner.getBoundingClientRect();
  for (const element of stage.rows.querySelectorAll("bdi, small, b")) {
    const box = element.getBoundingClientRect();
    const style = getComputedStyle(element);
    pen.font = `${style.fontWeight} ${style.fontSize} ${stage.fonts}`;
    pen.fillStyle = style.color;
    pen.textBaseline = "middle";
    pen.fillText(element.textContent, box.left - origin.left, box.top - origin.top + box.height / 2, box.width + 1);
  }
  return sheet;
}
