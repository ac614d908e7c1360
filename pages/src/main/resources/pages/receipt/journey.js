// What a receipt says, as steps in the order of their times. Only facts whose proof was checked come here.
import { strict } from './shape.js';

/** @typedef {{key: string, at: string, values: Record<string, any>}} Step key of a text */
/** @typedef {{kind: 'good' | 'info' | 'warning', key: string, values: Record<string, any>}} Answer key of a text */

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
 * @returns {Answer}
 */
export function answerOf(body) {
  const events = body.facts.flatMap(({ event }) => (event ? [event] : [])).sort((one, other) => one.position - other.position);
  return events.some(({ type }) => type === 'onsale.campaign-launched') ? ofCampaign(events) : ofSeats(events, body.soldOut);
}

/** @param {any[]} events in the order of the log @returns {Answer} */
function ofCampaign(events) {
  let quantity = 0;
  /** @type {string | null} */
  let exhaustedAt = null;
  /** @type {Map<string, number>} */
  const ranks = new Map();
  for (const { type, payload, timestamp } of events) {
    const fact = strict(payload);
    if (type === 'onsale.campaign-launched' || type === 'onsale.campaign-quantity-changed') {
      if (fact.quantity > quantity) exhaustedAt = null;
      quantity = fact.quantity;
    } else if (type === 'onsale.campaign-exhausted') exhaustedAt = timestamp;
    else if (type === 'onsale.coupon-issued') ranks.set(fact.couponId, fact.rank);
    else if (type === 'onsale.coupon-revoked') ranks.delete(fact.couponId);
  }
  const [rank] = ranks.values();
  if (rank !== undefined) return { kind: 'good', key: 'coupon', values: { rank, quantity } };
  if (events.some(({ type }) => type === 'onsale.coupon-revoked')) return { kind: 'warning', key: 'coupon-revoked', values: {} };
  return exhaustedAt === null
    ? { kind: 'info', key: 'coupons-left', values: {} }
    : { kind: 'info', key: 'exhausted', values: { quantity, at: exhaustedAt } };
}

/** @param {any[]} events in the order of the log @param {any[] | undefined} soldOut absent in receipts of version 1 @returns {Answer} */
function ofSeats(events, soldOut) {
  const booked = new Set();
  for (const { type, aggregateId } of events) {
    if (type === 'onsale.reservation-confirmed') booked.add(aggregateId);
    else if (type === 'onsale.reservation-cancelled' || type === 'onsale.booking-revoked') booked.delete(aggregateId);
  }
  if (booked.size > 0) return { kind: 'good', key: 'booked', values: {} };
  if (events.some(({ type }) => type === 'onsale.performance-called-off')) return { kind: 'warning', key: 'called-off', values: {} };
  if (soldOut === undefined) return { kind: 'info', key: 'no-booking', values: {} };
  return { kind: 'info', key: soldOut.length > 0 ? 'sold-out' : 'seats-left', values: {} };
}
