// Who is signed in, and where the viewer is: the two things that every page needs to know.
import { useEffect, useState } from 'preact/hooks';
import { Problem, get, send } from './api.js';

/**
 * @typedef {{buyer: string | null, operator: boolean, until: string | null, login: string | null}} Me
 * @typedef {() => void} Listener
 */

/** @type {Me} */
let me = { buyer: null, operator: false, until: null, login: null };
/** @type {Set<Listener>} */
const listeners = new Set();

export async function loadMe() {
  me = await get('/api/me').catch((problem) => {
    // The server has taken the cookie away: the next request is one of nobody.
    if (problem.status === 401) return get('/api/me');
    throw problem;
  });
  changed();
}

/** @param {string} name @param {boolean} operator */
export async function signIn(name, operator) {
  await send('POST', '/dev/login', { name, operator });
  await loadMe();
  // A secure cookie is dropped on plain HTTP.
  if (me.buyer === null) throw new Problem(0, 'COOKIE_LOST', '');
}

export async function signOut() {
  await send('POST', '/logout');
  sessionStorage.clear();
  await loadMe();
}

/** Forgets who was signed in, after the server has refused the cookie. */
export function signedOut() {
  me = { ...me, buyer: null, operator: false };
  changed();
}

export function useMe() {
  useChanges();
  return me;
}

export function usePath() {
  useChanges();
  return location.pathname;
}

/** @param {string} path @param {boolean} [replace] */
export function navigate(path, replace = false) {
  if (replace) history.replaceState(null, '', path);
  else history.pushState(null, '', path);
  scrollTo(0, 0);
  changed();
}

/** The login page, which returns to where the viewer is. */
export function loginPath() {
  return location.pathname === '/login' ? '/login' : '/login?next=' + encodeURIComponent(location.pathname);
}

export function changed() {
  listeners.forEach((listener) => listener());
}

function useChanges() {
  const [, render] = useState({});
  useEffect(() => {
    const listener = () => render({});
    listeners.add(listener);
    return () => void listeners.delete(listener);
  }, []);
}

addEventListener('popstate', changed);
