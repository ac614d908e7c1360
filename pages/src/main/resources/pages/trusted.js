// Workers under Trusted Types: only scripts of this version of the pages.

const assets = new URL('.', import.meta.url).href;

/** @type {any} */
const policy = /** @type {any} */ (globalThis).trustedTypes?.createPolicy('onsale', {
  createScriptURL: (/** @type {string} */ url) => {
    if (!url.startsWith(assets)) throw new TypeError(`${url} is no script of these pages`);
    return url;
  },
});

/**
 * Asks a worker one question, and ends it.
 * @param {string} name file in the folder worker
 * @param {any} question
 * @returns {Promise<any>}
 */
export function askWorker(name, question) {
  const url = `${assets}worker/${name}`;
  const worker = new Worker(policy ? policy.createScriptURL(url) : url, { type: 'module' });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = () => reject(new Error(`The worker ${name} has failed`));
    worker.postMessage(question);
  }).finally(() => worker.terminate());
}
