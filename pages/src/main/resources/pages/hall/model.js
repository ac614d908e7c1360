// What is known of a hall at this moment: who has which seat, and what the viewer has chosen.
import { FREE, HELD, stateOf } from './sprites.js';

export class HallModel {
  /** @param {import('./plan.js').Plan} plan */
  constructor(plan) {
    this.plan = plan;
    this.states = new Uint8Array(plan.count).fill(stateOf('X'));
    /** @type {Set<number>} */
    this.chosen = new Set();
    /** Index of a category to which the map is limited, -1 for all. */
    this.filter = -1;
    /** Seat with the keyboard focus in the list, -1 for none. */
    this.focus = -1;
    this.known = false;
    /** @type {Set<(seats: number[] | null) => void>} */
    this.listeners = new Set();
    /** @type {Map<string, number>} */
    this.byLabel = new Map(plan.labels.map((label, seat) => [label, seat]));
  }

  /** @param {(seats: number[] | null) => void} listener hears which seats have changed, null for all */
  listen(listener) {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** The whole map. @param {string} letters @returns {number[]} chosen seats that somebody else has now */
  replace(letters) {
    for (let seat = 0; seat < this.plan.count; seat++) this.states[seat] = stateOf(letters[seat]);
    this.known = true;
    return this.drop(null);
  }

  /** @param {Record<string, string>} letters by seat @returns {number[]} chosen seats that somebody else has now */
  change(letters) {
    const seats = Object.keys(letters).map(Number);
    for (const seat of seats) this.states[seat] = stateOf(letters[seat]);
    return this.drop(seats);
  }

  /** The server has refused a seat that looked free. @param {string} label */
  takenAway(label) {
    const seat = this.byLabel.get(label);
    if (seat === undefined) return [];
    this.states[seat] = HELD;
    return this.drop([seat]);
  }

  /** @param {number[] | null} changed */
  drop(changed) {
    const lost = [...this.chosen].filter((seat) => this.states[seat] !== FREE);
    lost.forEach((seat) => this.chosen.delete(seat));
    this.tell(changed);
    return lost;
  }

  /** @param {number} seat */
  toggle(seat) {
    if (this.chosen.has(seat)) this.chosen.delete(seat);
    else if (this.states[seat] === FREE) this.chosen.add(seat);
    this.tell([seat]);
  }

  /** @param {string[]} labels chosen before @returns {number[]} those that somebody else has now */
  choose(labels) {
    const seats = labels.map((label) => this.byLabel.get(label) ?? -1).filter((seat) => seat >= 0);
    seats.filter((seat) => this.states[seat] === FREE).forEach((seat) => this.chosen.add(seat));
    this.tell(seats);
    return seats.filter((seat) => this.states[seat] !== FREE);
  }

  clear() {
    const seats = [...this.chosen];
    this.chosen.clear();
    this.tell(seats);
  }

  /** @param {number} category */
  limitTo(category) {
    this.filter = category;
    this.tell(null);
  }

  /** @param {number} seat */
  focusOn(seat) {
    this.focus = seat;
    this.tell([]);
  }

  /** @param {number[] | null} seats */
  tell(seats) {
    this.listeners.forEach((listener) => listener(seats));
  }

  /** @param {number} seat */
  place(seat) {
    const row = this.plan.rows[this.plan.row[seat]];
    return { zone: this.plan.zones[row.zone].name, row: row.number, seat: this.plan.numbers[seat] };
  }
}
