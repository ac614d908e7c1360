// Checks a receipt in the browser, without the server: docs/proof.md says how.
import { equal, eventHash, hex, recordHash, sealHash, sha256, unhex, utf8 } from './hash.js';
import { rootOfInclusion } from './merkle.js';
import { bodyOf, strict } from './shape.js';
import { keysOf, signerOf } from './signature.js';

const EARLY_MS = 5 * 60_000;
const LATE_MS = 10 * 60_000;
const OF_NOBODY = new Set(['onsale.sale-opened', 'onsale.sale-closed', 'onsale.campaign-launched',
  'onsale.campaign-exhausted', 'onsale.campaign-closed', 'onsale.campaign-quantity-changed', 'onsale.performance-called-off']);

/**
 * What was found.
 * @typedef {{body: any, problems: {code: string, what: string | number}[], thumbprint: string | null}} Checked
 */

/** @param {{body: string, keyId?: string | null, signature?: string | null}} receipt @returns {Promise<Checked>} */
export async function check(receipt) {
  const body = typeof receipt?.body === 'string' ? readable(receipt.body) : null;
  if (body === null) return { body: null, problems: [{ code: 'FORM', what: '' }], thumbprint: null };
  const checking = new Checking(body);
  try {
    await checking.run(receipt);
  } catch {
    checking.require(false, 'FORM', '');
  }
  return { body, problems: checking.problems, thumbprint: checking.thumbprint };
}

/** @param {string} text */
function readable(text) {
  try {
    return bodyOf(text);
  } catch {
    return null;
  }
}

class Checking {
  /** @param {any} body */
  constructor(body) {
    this.body = body;
    /** @type {{code: string, what: string | number}[]} */
    this.problems = [];
    /** @type {Map<number, any>} */
    this.seals = new Map();
    /** @type {import('./signature.js').Key[]} */
    this.keys = [];
    /** @type {string | null} */
    this.thumbprint = null;
    this.seen = new Set();
  }

  /** @param {boolean} condition @param {string} code @param {string | number} what */
  require(condition, code, what) {
    if (!condition) this.problems.push({ code, what });
  }

  /** @param {any} receipt */
  async run({ body: text, keyId = null, signature = null }) {
    this.keys = await keysOf(this.body.keys);
    if (keyId === null) this.require(signature === null, 'SIGNATURE', '');
    else {
      const signer = await signerOf(await sha256(utf8(text)), { keyId, signature }, this.keys);
      this.require(signer !== null, 'SIGNATURE', '');
      this.thumbprint = signer?.thumbprint ?? null;
    }
    await this.readSeals();
    this.require(Date.parse(this.body.issuedAt) >= Date.parse(this.body.head.sealedAt) - EARLY_MS, 'TIME', this.body.issuedAt);
    for (const fact of this.body.facts) await this.fact(fact);
    for (const span of this.body.soldOut ?? []) {
      this.require((span.until === null) === (span.next === null), 'FORM', span.category);
      this.require(span.next === null || span.last.position < span.next.position, 'TIME', span.category);
      await this.place(span.last, span.from);
      await this.place(span.next, span.until);
    }
  }

  /** Every seal is under the head, and signed with one of the receipt's keys unless it is from before there was a key. */
  async readSeals() {
    const { head } = this.body;
    const digest = await this.seal(head);
    for (const { seal, inclusion } of this.body.seals) {
      const own = await this.seal(seal);
      const under = seal.number === head.number
        ? equal(own, digest)
        : equal(await rootOfInclusion(own, seal.number - 1, head.number - 1, inclusion.map(unhex)), unhex(head.tree));
      this.require(under, 'UNDER', seal.number);
      this.seals.set(seal.number, seal);
    }
  }

  /** @param {any} seal */
  async seal(seal) {
    const digest = await sealHash(seal);
    this.require(hex(digest) === seal.seal, 'SEAL', seal.number);
    const signed = seal.keyId === null ? seal.signature === null : (await signerOf(digest, seal, this.keys)) !== null;
    this.require(signed, 'SIGNATURE', seal.number);
    return digest;
  }

  /** @param {any} fact */
  async fact({ seal: number, index, size, path, event, record }) {
    const seal = this.seals.get(number);
    const name = event ? event.position : -record.number;
    this.require(!this.seen.has(name), 'TWICE', Math.abs(name));
    this.seen.add(name);
    const hash = event ? await eventHash(event) : await recordHash(this.body.saleKey, record.number, record.entry);
    await this.covered(hash, index, size, path, seal, Math.abs(name));
    if (event) {
      this.within(event.position, event.timestamp, seal);
      this.require(this.isAboutBuyer(event), 'SOMEBODY', event.position);
    } else {
      const entry = strict(record.entry);
      this.require(Object.keys(entry ?? {}).length === 1, 'FORM', record.number);
      this.require((entry?.entry ?? entry?.used)?.buyer === this.body.buyer, 'SOMEBODY', record.number);
    }
  }

  /** @param {any} event */
  isAboutBuyer({ type, payload }) {
    const fact = strict(payload);
    const buyer = fact?.buyerId;
    return (fact?.performanceId ?? fact?.campaignId) === this.body.saleKey
      && (buyer === this.body.buyer || (buyer === undefined && OF_NOBODY.has(type)));
  }

  /** An event of which the receipt has the place only. @param {any} place @param {string | null} time */
  async place(place, time) {
    if (place === null || time === null) return;
    const seal = this.seals.get(place.seal);
    await this.covered(unhex(place.event), place.index, place.size, place.path, seal, place.position);
    this.within(place.position, time, seal);
  }

  /** @param {Uint8Array} hash @param {number} index @param {number} size @param {string[]} path @param {any} seal @param {number} name */
  async covered(hash, index, size, path, seal, name) {
    const all = seal.events + (seal.records ?? 0);
    this.require(all === size && equal(await rootOfInclusion(hash, index, all, path.map(unhex)), unhex(seal.log)), 'COVERED', name);
  }

  /** @param {number} position @param {string} time @param {any} seal */
  within(position, time, seal) {
    this.require(position >= seal.firstPosition && position <= seal.lastPosition, 'COVERED', position);
    const before = Date.parse(seal.sealedAt) - Date.parse(time);
    this.require(before >= -EARLY_MS && before <= LATE_MS, 'TIME', position);
  }
}
