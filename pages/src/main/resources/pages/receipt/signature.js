// Signatures with ES256, and the name of a key by its content.
import { sha256, utf8 } from './hash.js';

/** @param {Uint8Array} bytes */
function base64url(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** @param {string} text */
function unbase64url(text) {
  const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
  if (base64url(bytes) !== text) throw new TypeError('Not base64url');
  return bytes;
}

/** @typedef {{id: string, thumbprint: string, key: CryptoKey}} Key */

/** @param {string[]} jwks @returns {Promise<Key[]>} */
export function keysOf(jwks) {
  return Promise.all(jwks.map(async (text) => {
    const { kid, kty, crv, x, y } = JSON.parse(text);
    const key = await crypto.subtle.importKey('jwk', { kty, crv, x, y }, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['verify']);
    // RFC 7638
    return { id: kid, key, thumbprint: base64url(await sha256(utf8(JSON.stringify({ crv, kty, x, y })))) };
  }));
}

/**
 * The key that signed a hash, null if none did.
 * @param {Uint8Array} hash
 * @param {{keyId: string | null, signature: string | null}} line
 * @param {Key[]} keys
 */
export async function signerOf(hash, { keyId, signature }, keys) {
  const signer = keys.find((key) => key.id === keyId);
  if (!signer || !signature) return null;
  try {
    const valid = await crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, signer.key,
      /** @type {BufferSource} */ (unbase64url(signature)), /** @type {BufferSource} */ (hash));
    return valid ? signer : null;
  } catch {
    return null;
  }
}
