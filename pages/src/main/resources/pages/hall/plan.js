// A seating plan as flat arrays: 50,000 seats as objects would be slow to draw and to search.

/**
 * @typedef {{name: string, rows: Row[], first: number, count: number, box: Box}} Zone
 * @typedef {{number: string, zone: number, first: number, count: number}} Row
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box
 * @typedef {{count: number, x: Float32Array, y: Float32Array, category: Uint8Array, row: Uint32Array, labels: string[],
 *   numbers: string[], rows: Row[], zones: Zone[], categories: {name: string, color: string}[], box: Box, spacing: number}} Plan
 */

/** @param {any} told answer of GET …/seating-plan @returns {Plan} */
export function planOf(told) {
  const count = told.zones.reduce((sum, zone) => sum + zone.rows.reduce((seats, row) => seats + row.seats.length, 0), 0);
  /** @type {Plan} */
  const plan = {
    count, x: new Float32Array(count), y: new Float32Array(count), category: new Uint8Array(count), row: new Uint32Array(count),
    labels: [], numbers: [], rows: [], zones: [], categories: told.categories, box: emptyBox(), spacing: 1,
  };
  let at = 0;
  told.zones.forEach((zone, zoneIndex) => {
    const first = at;
    const box = emptyBox();
    const rows = zone.rows.map((row) => {
      const made = { number: row.number, zone: zoneIndex, first: at, count: row.seats.length };
      for (const seat of row.seats) {
        plan.x[at] = zone.x + row.x + seat.x;
        plan.y[at] = zone.y + row.y + seat.y;
        plan.category[at] = seat.category;
        plan.row[at] = plan.rows.length;
        plan.labels.push(seat.label);
        plan.numbers.push(seat.number);
        widen(box, plan.x[at], plan.y[at]);
        at += 1;
      }
      plan.rows.push(made);
      return made;
    });
    plan.zones.push({ name: zone.name, rows, first, count: at - first, box });
    if (at > first) {
      widen(plan.box, box.left, box.top);
      widen(plan.box, box.right, box.bottom);
    }
  });
  plan.spacing = spacingOf(plan);
  return plan;
}

/** The usual distance between neighbours: seats are drawn as large as it allows. @param {Plan} plan */
function spacingOf(plan) {
  const distances = [];
  const step = Math.max(1, Math.floor(plan.count / 2000));
  for (let at = 1; at < plan.count; at += step) {
    if (plan.row[at] === plan.row[at - 1]) {
      const distance = Math.hypot(plan.x[at] - plan.x[at - 1], plan.y[at] - plan.y[at - 1]);
      if (distance > 0) distances.push(distance);
    }
  }
  distances.sort((a, b) => a - b);
  return distances[Math.floor(distances.length / 4)] ?? 25;
}

/** @returns {Box} */
function emptyBox() {
  return { left: Infinity, top: Infinity, right: -Infinity, bottom: -Infinity };
}

/** @param {Box} box @param {number} x @param {number} y */
function widen(box, x, y) {
  box.left = Math.min(box.left, x);
  box.top = Math.min(box.top, y);
  box.right = Math.max(box.right, x);
  box.bottom = Math.max(box.bottom, y);
}
