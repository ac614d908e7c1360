// What a receipt says, as steps in the order of their times. Only facts whose proof was checked come here.
import { strict } from './shape.js';

/** @typedef {{key: string, at: string, values: Record<string, any>}} Step key of a text */

/** Entries of the waiting room that a visitor cares about. */
const OF_ROOM = new Set(['JOINED', 'RANKED', 'ADMITTED', 'LEFT', 'SILENT', 'EXPIRED', 'RETURNED']);

/** @param {any} body @returns {Step[]} */
export function journeyOf(body) {
  return body.facts
    .map(({ event, record }) => (event ? ofEvent(event) : ofRecord(strict(record.entry))))
    .filter((step) => step !== null)
    .sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
}

/** @param {any} record */
function ofRecord({ entry, used }) {
  if (used) return { key: 'USED', at: iso(used.enteredAt), values: {} };
  return entry && OF_ROOM.has(entry.kind) ? { key: entry.kind, at: iso(entry.at), values: { number: entry.number } } : null;
}

/** @param {number} milliseconds */
function iso(milliseconds) {
  return new Date(milliseconds).toISOString();
}

/** @param {any} event */
function ofEvent({ type, payload, timestamp }) {
  const fact = strict(payload);
  const seats = fact.seats?.map((/** @type {any} */ seat) => seat.seat ?? seat).join(', ') ?? '';
  return { key: type.replace('onsale.', ''), at: timestamp, values: { rank: fact.rank ?? 0, quantity: fact.quantity ?? 0, seats } };
}

/**
 * Why somebody got something or nothing, as far as the log says.
 * @param {any} body
 * @returns {{kind: 'good' | 'info' | 'warning', key: string, values: Record<string, any>}}
 */
export function answerOf(body) {
  const facts = new Map(body.facts.flatMap(({ event }) => (event ? [[event.type.replace('onsale.', ''), event]] : [])));
  const said = (/** @type {string} */ type) => strict(facts.get(type).payload);
  if (facts.has('coupon-issued')) {
    return { kind: 'good', key: 'coupon', values: { rank: said('coupon-issued').rank, quantity: facts.has('campaign-launched') ? said('campaign-launched').quantity : '…' } };
  }
  if (facts.has('campaign-exhausted')) {
    return { kind: 'info', key: 'exhausted', values: { quantity: said('campaign-exhausted').quantity, at: facts.get('campaign-exhausted').timestamp } };
  }
  if (facts.has('campaign-launched')) return { kind: 'info', key: 'coupons-left', values: {} };
  if (facts.has('reservation-confirmed') && !facts.has('reservation-cancelled')) return { kind: 'good', key: 'booked', values: {} };
  return { kind: 'info', key: body.soldOut?.length > 0 ? 'sold-out' : 'seats-left', values: {} };
}
