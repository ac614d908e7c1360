// Requests to the HTTP API.
import { learn } from './clock.js';

const ATTEMPTS = 6;
const PAUSE_MS = 400;
const PAUSE_MAX_MS = 5000;

/** Answers after which the outcome is open or nothing was done: the same request may be sent again. */
const REPEATABLE = new Set(['NETWORK', 'OVERLOADED', 'TEMPORARILY_UNAVAILABLE', 'REQUEST_IN_FLIGHT', 'NOT_YET_VISIBLE']);

/** A refusal or a failure, with the stable code of the API. */
export class Problem extends Error {
  /**
   * @param {number} status 0 if there was no answer
   * @param {string} code
   * @param {string} detail
   * @param {{place: string, problem: string}[]} errors
   * @param {number} retryAfter seconds, 0 if the server did not say
   */
  constructor(status, code, detail, errors = [], retryAfter = 0) {
    super(detail);
    this.status = status;
    this.code = code;
    this.errors = errors;
    this.retryAfter = retryAfter;
  }
}

/**
 * @param {string} path
 * @param {AbortSignal} [signal]
 * @returns {Promise<any>}
 */
export function get(path, signal) {
  return answered('GET', path, undefined, undefined, signal);
}

/**
 * Sends a request that changes something. It is repeated while its outcome is unknown: every such request of the API is harmless
 * when repeated, by its key or by itself.
 * @param {'POST' | 'DELETE'} method
 * @param {string} path
 * @param {object} [body]
 * @param {string} [key] idempotency key
 * @returns {Promise<any>}
 */
export async function send(method, path, body, key) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await answered(method, path, body, key);
    } catch (problem) {
      if (!(problem instanceof Problem) || !REPEATABLE.has(problem.code) || attempt === ATTEMPTS) throw problem;
      const pause = Math.min(PAUSE_MS * 2 ** (attempt - 1), PAUSE_MAX_MS);
      await delay(Math.max(pause * (0.5 + Math.random()), problem.retryAfter * 1000));
    }
  }
}

/**
 * @param {string} method
 * @param {string} path
 * @param {object} [body]
 * @param {string} [key]
 * @param {AbortSignal} [signal]
 */
async function answered(method, path, body, key, signal) {
  const sentAt = performance.now();
  /** @type {Record<string, string>} */
  const headers = { Accept: 'application/json' };
  if (method !== 'GET') headers['Onsale-Page'] = '1';
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (key !== undefined) headers['Idempotency-Key'] = key;
  let response;
  try {
    response = await fetch(path, {
      method, headers, signal, body: body === undefined ? undefined : JSON.stringify(body), redirect: 'error',
    });
  } catch (failure) {
    if (signal?.aborted) throw failure;
    throw new Problem(0, 'NETWORK', 'There was no answer');
  }
  learn(response.headers.get('Onsale-Time'), sentAt);
  if (response.ok) return response.status === 204 ? null : response.json();
  throw await problemOf(response);
}

/** @param {Response} response */
export async function problemOf(response) {
  const told = await response.json().catch(() => ({}));
  return new Problem(response.status, told.code ?? 'INTERNAL_SERVER_ERROR', told.detail ?? '', told.errors ?? [],
    Number(response.headers.get('Retry-After') ?? 0));
}

/** @param {number} milliseconds */
export function delay(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
