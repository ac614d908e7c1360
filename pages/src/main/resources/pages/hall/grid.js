// Finds seats by place. Cells of one size; each has a run of seats in one array.

/** Seats in a cell, about: a smaller cell finds faster, a larger one takes less memory. */
const PER_CELL = 8;

export class Grid {
  /** @param {import('./plan.js').Plan} plan */
  constructor(plan) {
    this.plan = plan;
    const { box } = plan;
    this.size = plan.spacing * Math.sqrt(PER_CELL);
    this.columns = Math.max(1, Math.ceil((box.right - box.left + 1) / this.size));
    this.rows = Math.max(1, Math.ceil((box.bottom - box.top + 1) / this.size));
    this.start = new Uint32Array(this.columns * this.rows + 1);
    this.seats = new Uint32Array(plan.count);
    const cells = new Uint32Array(plan.count);
    for (let seat = 0; seat < plan.count; seat++) {
      cells[seat] = this.row(plan.y[seat]) * this.columns + this.column(plan.x[seat]);
      this.start[cells[seat] + 1] += 1;
    }
    for (let cell = 1; cell < this.start.length; cell++) this.start[cell] += this.start[cell - 1];
    const next = this.start.slice();
    for (let seat = 0; seat < plan.count; seat++) this.seats[next[cells[seat]]++] = seat;
  }

  /** @param {number} x */
  column(x) {
    return Math.min(this.columns - 1, Math.max(0, Math.floor((x - this.plan.box.left) / this.size)));
  }

  /** @param {number} y */
  row(y) {
    return Math.min(this.rows - 1, Math.max(0, Math.floor((y - this.plan.box.top) / this.size)));
  }

  /**
   * Calls for every seat whose cell touches the rectangle.
   * @param {number} left @param {number} top @param {number} right @param {number} bottom
   * @param {(seat: number) => void} visit
   */
  within(left, top, right, bottom, visit) {
    const { box } = this.plan;
    if (right < box.left || left > box.right || bottom < box.top || top > box.bottom) return;
    const from = this.column(left);
    const to = this.column(right);
    for (let row = this.row(top); row <= this.row(bottom); row++) {
      const end = this.start[row * this.columns + to + 1];
      for (let at = this.start[row * this.columns + from]; at < end; at++) visit(this.seats[at]);
    }
  }

  /** The nearest seat within the distance, -1 if there is none. @param {number} x @param {number} y @param {number} distance */
  nearest(x, y, distance) {
    let found = -1;
    let best = distance * distance;
    this.within(x - distance, y - distance, x + distance, y + distance, (seat) => {
      const square = (this.plan.x[seat] - x) ** 2 + (this.plan.y[seat] - y) ** 2;
      if (square <= best) {
        best = square;
        found = seat;
      }
    });
    return found;
  }
}
