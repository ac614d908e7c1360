// Solves an ALTCHA challenge: the number whose SHA-256 behind the salt is the challenge.

/** @param {Uint8Array<ArrayBuffer>} content */
async function sha256(content) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', content));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

const BATCH = 500;

onmessage = async ({ data: { algorithm, challenge, maxnumber, salt, signature } }) => {
  const encoder = new TextEncoder();
  for (let first = 0; first <= maxnumber; first += BATCH) {
    const numbers = Array.from({ length: Math.min(BATCH, maxnumber - first + 1) }, (_, at) => first + at);
    const digests = await Promise.all(numbers.map((number) => sha256(encoder.encode(salt + number))));
    const found = digests.indexOf(challenge);
    if (found >= 0) {
      postMessage(btoa(JSON.stringify({ algorithm, challenge, number: numbers[found], salt, signature })));
      return;
    }
  }
  throw new Error('The challenge has no solution');
};
