// Who waits for whom, drawn into a picture when it is asked for.

import { READY, RUNNING } from "./record.js";

const MOST_ARROWS = 400;

// From the lane that ended a wait, or created another, to the one that could run then.
export function drawArrows(timeline, pen) {
  const rowOf = new Map(timeline.places.map((place) => [place.lane, place]));
  let left = MOST_ARROWS;
  for (const { lane, run } of timeline.places) {
    const maker = run.byId.get(lane.parent);
    if (maker && left-- > 0) drawArrow(timeline, pen, [rowOf.get(maker), rowOf.get(lane)], lane.start, true);
    for (const span of lane.spans) {
      if (span.end < timeline.view.from || span.start > timeline.view.to || span.by < 0) continue;
      const again = span.kind === RUNNING && lane.spans[span.place - 1]?.kind === READY;
      const waker = run.byId.get(span.by);
      if (again || !waker || waker === lane || left-- <= 0) continue;
      drawArrow(timeline, pen, [rowOf.get(waker), rowOf.get(lane)], span.start, false);
    }
  }
}

function drawArrow(timeline, pen, [a, b], at, dotted) {
  if (!a || !b) return;
  const x = timeline.x(at);
  const down = b.top > a.top;
  const y0 = down ? a.top + a.height : a.top;
  const y1 = down ? b.top : b.top + b.height;
  pen.strokeStyle = pen.fillStyle = timeline.palette.ink;
  pen.lineWidth = 1.5;
  pen.setLineDash(dotted ? [2, 3] : []);
  pen.beginPath();
  pen.moveTo(x, y0);
  pen.lineTo(x, y1);
  pen.stroke();
  pen.setLineDash([]);
  pen.beginPath();
  pen.moveTo(x, y1);
  pen.lineTo(x - 4, y1 + (down ? -6 : 6));
  pen.lineTo(x + 4, y1 + (down ? -6 : 6));
  pen.fill();
}
