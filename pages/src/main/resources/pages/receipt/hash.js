// The hashes of docs/proof.md. A hash is 32 bytes; numbers of the log are safe integers.

const encoder = new TextEncoder();

/** @param {Uint8Array[]} parts @returns {Promise<Uint8Array>} */
export async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', /** @type {BufferSource} */ (join(parts))));
}

/** @param {Uint8Array[]} parts */
function join(parts) {
  const all = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** @param {string} text */
export function utf8(text) {
  return encoder.encode(text);
}

/** H(tag, …): texts with their length before them, numbers as 8 bytes, hashes as they are. @param {(string | number | null | Uint8Array)[]} parts */
function over(...parts) {
  return sha256(...parts.flatMap((part) => {
    if (part === null) return [new Uint8Array([255, 255, 255, 255])];
    if (part instanceof Uint8Array) return [part];
    if (typeof part === 'number') return [int64(part)];
    const text = utf8(part);
    const length = new Uint8Array(4);
    new DataView(length.buffer).setUint32(0, text.length);
    return [length, text];
  }));
}

/** @param {number} value */
function int64(value) {
  if (!Number.isSafeInteger(value)) throw new TypeError('Not a number of the log');
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigInt64(0, BigInt(value));
  return bytes;
}

/** @param {string} text 64 lower-case hexadecimal digits */
export function unhex(text) {
  if (typeof text !== 'string' || !/^[0-9a-f]{64}$/.test(text)) throw new TypeError('Not a hash');
  return Uint8Array.from(/** @type {string[]} */ (text.match(/../g)), (pair) => parseInt(pair, 16));
}

/** @param {Uint8Array} bytes */
export function hex(bytes) {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {Uint8Array} one @param {Uint8Array} other */
export function equal(one, other) {
  return hex(one) === hex(other);
}

/** @param {any} e */
export function eventHash(e) {
  return over('onsale.event.v1', e.position, e.eventId, e.aggregateType, e.aggregateId, e.sequence, e.type, e.revision,
    e.timestamp, e.payload, e.metaData);
}

/** @param {string} saleKey @param {number} number @param {string} entry */
export function recordHash(saleKey, number, entry) {
  return over('onsale.record.v1', saleKey, number, entry);
}

/** @param {any} s a seal of version 1 or 2 */
export function sealHash(s) {
  const start = [s.number, unhex(s.previous), s.firstPosition, s.lastPosition, s.events];
  return s.tree === undefined
    ? over('onsale.seal.v1', ...start, unhex(s.log), unhex(s.sales), s.sealedAt)
    : over('onsale.seal.v2', ...start, s.records, unhex(s.log), unhex(s.sales), unhex(s.tree), s.sealedAt);
}
