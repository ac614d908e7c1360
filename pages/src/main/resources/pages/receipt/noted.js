// Seals that this browser noted from earlier receipts: the log must continue them, so the browser is a witness.
import { get } from '../api.js';
import { equal, hex, sealHash, unhex } from './hash.js';
import { isConsistent, rootOfInclusion } from './merkle.js';

const NOTED = 'onsale.noted-seals';
const KEPT_MAX = 20;

/** @typedef {{seal: any, at: string}} Noted */

/** @returns {Noted[]} oldest first */
function noted() {
  try {
    return JSON.parse(localStorage.getItem(NOTED) ?? '[]');
  } catch {
    return [];
  }
}

/**
 * Compares a head with the oldest one that this browser noted, and notes it.
 * @param {any} head whose signature was checked
 * @returns {Promise<{at: string, number: number, continued: boolean} | null>} null if there was none before
 */
export async function compare(head) {
  const known = noted();
  const [oldest] = known;
  const continued = !oldest || await continues(oldest.seal, head);
  if (continued && !known.some(({ seal }) => seal.number === head.number)) {
    const kept = [...known, { seal: head, at: new Date().toISOString() }];
    localStorage.setItem(NOTED, JSON.stringify(kept.length > KEPT_MAX ? [kept[0], ...kept.slice(2)] : kept));
  }
  return oldest ? { at: oldest.at, number: oldest.seal.number, continued } : null;
}

/** @param {any} first @param {any} second */
async function continues(first, second) {
  const [one, other] = await Promise.all([sealHash(first), sealHash(second)]);
  if (hex(one) !== first.seal) return true; // The note itself is damaged: it says nothing.
  if (first.number === second.number) return equal(one, other);
  // A receipt from a file may be older than the note.
  const [low, high, lowHash] = first.number < second.number ? [first, second, one] : [second, first, other];
  const proof = await get(`/api/seals/consistency?first=${low.number}&second=${high.number}`);
  try {
    const root = await rootOfInclusion(lowHash, low.number - 1, high.number - 1, proof.inclusion.map(unhex));
    return equal(root, unhex(high.tree)) && (low.number === 1
      || await isConsistent(low.number - 1, high.number - 1, unhex(low.tree), unhex(high.tree), proof.consistency.map(unhex)));
  } catch {
    return false;
  }
}

/**
 * Whether a receipt contains a seal that somebody else noted, as NUMBER:SEAL.
 * @param {any} body
 * @param {string} anchor
 */
export function contains(body, anchor) {
  const wanted = anchor.trim().toLowerCase();
  return [body.head, ...body.seals.map((proof) => proof.seal)].some((seal) => `${seal.number}:${seal.seal}` === wanted);
}
