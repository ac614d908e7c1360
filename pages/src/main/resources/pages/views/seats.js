// The seats of a reservation as a list, with their rows and prices.
import { html } from '../html.js';
import { money, t } from '../i18n.js';
import { useResource } from '../parts.js';

/** @typedef {{zone: string, row: string, seat: string}} Place */

/** Where each seat of a hall is, by label. @param {string | null} performanceId @returns {Map<string, Place> | null} */
export function usePlaces(performanceId) {
  const plan = useResource(performanceId === null ? null : `/api/performances/${performanceId}/seating-plan`);
  if (!plan.value) return null;
  return placesOf(plan.value);
}

/** @type {WeakMap<object, Map<string, Place>>} */
const known = new WeakMap();

function placesOf(plan) {
  let places = known.get(plan);
  if (!places) {
    places = new Map();
    for (const zone of plan.zones) {
      for (const row of zone.rows) {
        for (const seat of row.seats) places.set(seat.label, { zone: zone.name, row: row.number, seat: seat.number });
      }
    }
    known.set(plan, places);
  }
  return places;
}

/** @param {Place | undefined} place @param {string} label */
export function seatName(place, label) {
  return place ? t('seat.name', { zone: place.zone, row: place.row, seat: place.seat }) : label;
}

export function SeatList({ reservation, places }) {
  return html`<ul class="seat-list">
    ${reservation.seats.map((seat) => html`<li key=${seat.seat}>
      <span class="glyph" aria-hidden="true"></span>
      <span class="where">${seatName(places?.get(seat.seat), seat.seat)}<small>${seat.category}</small></span>
      <span class="price">${money(seat.price)}</span>
    </li>`)}
  </ul>`;
}
