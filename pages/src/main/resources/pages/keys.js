// Idempotency keys. They are kept before the request is sent, so that a refresh of the page repeats the request and makes no second one.

const PREFIX = 'onsale.request.';

/**
 * The key of a request. The same body gets the same key until the request is settled.
 * @param {string} name what is asked for, such as "pay <reservation>"
 * @param {object} [body]
 */
export function keyFor(name, body) {
  const pending = pendingRequest(name);
  if (pending && JSON.stringify(pending.body) === JSON.stringify(body)) return pending.key;
  const key = crypto.randomUUID();
  sessionStorage.setItem(PREFIX + name, JSON.stringify({ key, body }));
  return key;
}

/**
 * @param {string} name
 * @returns {{key: string, body: any} | null} a request whose outcome this browser does not know
 */
export function pendingRequest(name) {
  const kept = sessionStorage.getItem(PREFIX + name);
  return kept === null ? null : JSON.parse(kept);
}

/** @param {string} name */
export function settle(name) {
  sessionStorage.removeItem(PREFIX + name);
}
