// Seals that this browser noted from earlier receipts: the log must continue them, so the browser is a witness.
import { get } from '../api.js';
import { equal, hex, sealHash, unhex } from './hash.js';
import { isConsistent, rootOfInclusion } from './merkle.js';

const NOTED = 'onsale.noted-seals';

/** @typedef {{seal: any, at: string}} Noted */

/** @returns {Noted[]} the first and the newest, oldest first */
function noted() {
  try {
    return JSON.parse(localStorage.getItem(NOTED) ?? '[]');
  } catch {
    return [];
  }
}

/**
 * Compares a head of this server with the first and the newest one that this browser noted, and notes it.
 * @param {any} head whose signature was checked
 * @returns {Promise<{at: string, number: number, continued: boolean} | null>} null if there was none before
 * @throws if the server does not answer
 */
export async function compare(head) {
  const known = noted();
  for (const { seal, at } of known) {
    if (!await continues(seal, head)) return { at, number: seal.number, continued: false };
  }
  const [first, newest = first] = known;
  if (!newest || head.number > newest.seal.number) {
    const own = { seal: head, at: new Date().toISOString() };
    localStorage.setItem(NOTED, JSON.stringify(first ? [first, own] : [own]));
  }
  return first ? { at: first.at, number: first.seal.number, continued: true } : null;
}

/** @param {any} first @param {any} second */
async function continues(first, second) {
  const [one, other] = await Promise.all([sealHash(first), sealHash(second)]);
  if (hex(one) !== first.seal) return true; // The note itself is damaged: it says nothing.
  if (first.number === second.number) return equal(one, other);
  // A log that has lost its newest seals cannot prove the one that was noted.
  const [low, high, lowHash] = first.number < second.number ? [first, second, one] : [second, first, other];
  /** @type {any} */
  let proof;
  try {
    proof = await get(`/api/seals/consistency?first=${low.number}&second=${high.number}`);
  } catch (/** @type {any} */ failure) {
    if (failure.status === 400 || failure.status === 404) return false; // Both seals were there once.
    throw failure;
  }
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
