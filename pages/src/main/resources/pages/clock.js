// The server's clock. Deadlines are the server's, and the clock of a browser may be wrong by hours.

/** How long a measured difference is better than a newer one that took longer to measure. */
const KEEP_MS = 60_000;

let serverAtZero = Date.now() - performance.now();
let measuredAt = -Infinity;
let roundTrip = Infinity;

/**
 * Learns the server's time from an answer. The answer with the shortest round trip knows it best.
 * @param {string | null} time header Onsale-Time
 * @param {number} sentAt performance.now() when the request was sent
 */
export function learn(time, sentAt) {
  const received = performance.now();
  const server = time === null ? NaN : Date.parse(time);
  if (Number.isNaN(server)) return;
  const taken = received - sentAt;
  const found = server + taken / 2 - received;
  const contradicts = Math.abs(found - serverAtZero) > taken + 1000;
  if (taken <= roundTrip || received - measuredAt > KEEP_MS || contradicts) {
    serverAtZero = found;
    roundTrip = taken;
    measuredAt = received;
  }
}

/** Milliseconds since 1970, as the server counts them. */
export function serverNow() {
  return serverAtZero + performance.now();
}
