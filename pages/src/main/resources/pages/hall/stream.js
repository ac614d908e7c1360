// Follows the seat map: server-sent events, else polling by ETag. Nothing is followed while nobody looks.
import { delay } from '../api.js';

const POLL_MS = 3000;
const POLLS_BEFORE_STREAM = 10;
const PAUSE_MIN_MS = 500;
const PAUSE_MAX_MS = 10_000;
/** The server sends a comment every 15 s: a stream that is silent for longer is dead. */
const SILENT_MAX_MS = 40_000;

/**
 * @param {string} path of the seat map
 * @param {{onMap: (letters: string) => void, onSeats: (letters: Record<string, string>) => void, onLive: (live: boolean) => void}} told
 * @returns {() => void} ends it
 */
export function followSeatMap(path, told) {
  const ended = new AbortController();
  void follow(path, told, ended.signal);
  return () => ended.abort();
}

async function follow(path, told, ended) {
  let etag = '';
  let failures = 0;
  const seen = (/** @type {string} */ id) => {
    etag = id;
    failures = 0;
  };
  while (!ended.aborted) {
    await visible(ended);
    if (ended.aborted) return;
    const outcome = await stream(path + '/stream', etag, told, seen, ended).catch(() => 'broken');
    if (ended.aborted) return;
    told.onLive(false);
    if (outcome === 'refused') {
      for (let round = 0; round < POLLS_BEFORE_STREAM && !ended.aborted; round++) {
        etag = await poll(path, etag, told, ended).catch(() => etag);
        await delay(POLL_MS * (0.8 + Math.random() * 0.4));
        await visible(ended);
      }
    } else if (outcome === 'broken') {
      failures += 1;
      await delay(Math.min(PAUSE_MIN_MS * 2 ** (failures - 1), PAUSE_MAX_MS) * (0.5 + Math.random()));
    }
  }
}

/** Resolves at once, or when somebody looks at the page again. @param {AbortSignal} ended */
function visible(ended) {
  return new Promise((/** @type {(value?: any) => void} */ resolve) => {
    if (!document.hidden || ended.aborted) return resolve();
    const check = () => {
      if (document.hidden && !ended.aborted) return;
      document.removeEventListener('visibilitychange', check);
      resolve();
    };
    document.addEventListener('visibilitychange', check);
    ended.addEventListener('abort', check, { once: true });
  });
}

async function poll(path, etag, told, ended) {
  const response = await fetch(path, { headers: etag ? { 'If-None-Match': `"${etag}"` } : {}, signal: ended, cache: 'no-store' });
  if (response.status !== 200) return etag;
  told.onMap((await response.json()).seats);
  return (response.headers.get('ETag') ?? '').replace(/^W\/|"/g, '');
}

/** @returns {Promise<'hidden' | 'refused' | 'broken'>} */
async function stream(path, etag, told, seen, ended) {
  const closed = new AbortController();
  let hidden = false;
  const close = () => closed.abort();
  const hide = () => {
    hidden = document.hidden;
    if (hidden) close();
  };
  ended.addEventListener('abort', close);
  document.addEventListener('visibilitychange', hide);
  let silence = setTimeout(close, SILENT_MAX_MS);
  try {
    const response = await fetch(path, {
      headers: { Accept: 'text/event-stream', ...(etag ? { 'Last-Event-ID': etag } : {}) }, signal: closed.signal, cache: 'no-store',
    });
    if (response.status !== 200 || !response.body) return 'refused';
    told.onLive(true);
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return 'broken';
      clearTimeout(silence);
      silence = setTimeout(close, SILENT_MAX_MS);
      text += value;
      const events = text.split(/\r?\n\r?\n/);
      text = events.pop() ?? '';
      events.forEach((event) => apply(event, told, seen));
    }
  } catch (failure) {
    if (hidden) return 'hidden';
    throw failure;
  } finally {
    clearTimeout(silence);
    ended.removeEventListener('abort', close);
    document.removeEventListener('visibilitychange', hide);
  }
}

/** @param {string} event */
function apply(event, told, seen) {
  /** @type {Record<string, string>} */
  const fields = {};
  for (const line of event.split(/\r?\n/)) {
    const [, name, value] = /^([^:]+):\s?(.*)$/.exec(line) ?? [];
    if (name) fields[name] = name in fields ? `${fields[name]}\n${value}` : value;
  }
  if (fields.data === undefined) return;
  if (fields.id) seen(fields.id);
  const { seats } = JSON.parse(fields.data);
  if (fields.event === 'seat-map') told.onMap(seats);
  else if (fields.event === 'seats') told.onSeats(seats);
}
