// Small parts that several pages use.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Problem, get } from './api.js';
import { serverNow } from './clock.js';
import { html } from './html.js';
import { duration, hasText, t } from './i18n.js';
import { loginPath, navigate, signedOut } from './session.js';

/** Title of the document and heading of the page; the heading gets the focus when the page changes. */
export function Heading({ title, children = null, eyebrow = null }) {
  const heading = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    heading.current?.focus({ preventScroll: true });
  }, []);
  useEffect(() => {
    document.title = `${title} · Onsale`;
  }, [title]);
  return html`<header class="heading">
    ${eyebrow && html`<p class="eyebrow">${eyebrow}</p>`}
    <h1 ref=${heading} tabindex="-1">${title}</h1>
    ${children}
  </header>`;
}

/** What a refusal means, in the viewer's language; the server's own sentence where there is no translation yet. */
export function explain(problem) {
  if (!(problem instanceof Problem)) return t('problem.INTERNAL_SERVER_ERROR');
  const key = 'problem.' + problem.code;
  return hasText(key) ? t(key, { seconds: problem.retryAfter }) : problem.message;
}

/** @param {{kind?: 'info' | 'good' | 'warning' | 'bad', children?: any, role?: string}} props */
export function Notice({ kind = 'info', children, role = 'status' }) {
  return html`<div class="notice ${kind}" role=${role}><span class="mark" aria-hidden="true"></span><div>${children}</div></div>`;
}

export function Failure({ problem, again = null }) {
  return html`<${Notice} kind="bad" role="alert">
    <p>${explain(problem)}</p>
    ${again && html`<p><button class="quiet" onClick=${again}>${t('try-again')}</button></p>`}
  </${Notice}>`;
}

export function Loading() {
  return html`<p class="loading" role="status">${t('loading')}</p>`;
}

/** How much is left, as a bar. @param {{left: number, all: number, label: string}} props */
export function Share({ left, all, label }) {
  return html`<div class="share" role="meter" aria-label=${label} aria-valuemin="0" aria-valuemax=${all} aria-valuenow=${left}>
    <span style=${{ width: `${all > 0 ? (100 * left) / all : 0}%` }}></span></div>`;
}

/** An address that leads to nothing. */
export function NotFound() {
  return html`<main class="page narrow" id="main">
    <${Heading} title=${t('not-found.title')} />
    <p>${t('not-found.text')}</p>
    <p><a class="button" href="/">${t('to-the-events')}</a></p>
  </main>`;
}

/**
 * A value of the API: undefined until it is there. The last value stays while a newer one is fetched.
 * @param {string | null} path null to wait
 * @param {number} [everyMs] 0 for once
 */
export function useResource(path, everyMs = 0) {
  const [state, setState] = useState(/** @type {{path: string | null, value?: any, problem?: any}} */ ({ path }));
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (path === null) return undefined;
    const ended = new AbortController();
    let timer = 0;
    const load = async () => {
      try {
        const value = await get(path, ended.signal);
        if (!ended.signal.aborted) setState({ path, value });
      } catch (problem) {
        if (ended.signal.aborted) return;
        if (problem instanceof Problem && problem.status === 401) signedOut();
        setState((before) => ({ path, value: before.path === path ? before.value : undefined, problem }));
      }
      if (everyMs > 0) timer = setTimeout(visible, everyMs * (0.9 + Math.random() * 0.2));
    };
    const visible = () => {
      if (ended.signal.aborted) return;
      if (document.hidden) document.addEventListener('visibilitychange', visible, { once: true });
      else void load();
    };
    void load();
    return () => {
      ended.abort();
      clearTimeout(timer);
      document.removeEventListener('visibilitychange', visible);
    };
  }, [path, everyMs, round]);
  const current = state.path === path ? state : { path };
  return { value: current.value, problem: current.problem, reload: () => setRound((n) => n + 1) };
}

/** Milliseconds until an instant of the server, once a second. @param {string | null | undefined} instant */
export function useTimeLeft(instant) {
  const [, tick] = useState(0);
  const left = instant ? Date.parse(instant) - serverNow() : 0;
  useEffect(() => {
    if (!instant || left <= 0) return undefined;
    const timer = setTimeout(() => tick((n) => n + 1), (left % 1000) + 15);
    return () => clearTimeout(timer);
  });
  return left;
}

/** A countdown; screen readers hear it when it begins, and not every second. */
export function Countdown({ until, onEnd = /** @type {(() => void) | null} */ (null) }) {
  const left = useTimeLeft(until);
  useEffect(() => {
    if (left <= 0) onEnd?.();
  }, [left <= 0]);
  return html`<time class="countdown" datetime=${until} role="timer" aria-live="off">${clock(left)}</time>`;
}

/** 4:59, 1:04:59, or words for what is days away. @param {number} left */
export function clock(left) {
  const seconds = Math.max(0, Math.ceil(left / 1000));
  if (seconds >= 86400) return duration(left);
  const two = (/** @type {number} */ n) => String(n).padStart(2, '0');
  const minutes = Math.floor(seconds / 60);
  return minutes >= 60
    ? `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${two(seconds % 60)}`
    : `${minutes}:${two(seconds % 60)}`;
}

/** A button that cannot be pressed a second time while its work is under way. */
export function ActionButton({ action, children, kind = '', disabled = false }) {
  const [busy, setBusy] = useState(false);
  const here = useRef(true);
  useEffect(() => () => void (here.current = false), []);
  const press = async () => {
    if (busy || disabled) return;
    setBusy(true);
    try {
      await action();
    } finally {
      if (here.current) setBusy(false);
    }
  };
  return html`<button type="button" class=${kind} aria-disabled=${busy || disabled} aria-busy=${busy} onClick=${press}>
    ${children}</button>`;
}

/** Sends who is not signed in to the login page, and back. @param {unknown} problem */
export function toLogin(problem) {
  if (!(problem instanceof Problem) || problem.status !== 401) return false;
  signedOut();
  navigate(loginPath());
  return true;
}

/** Asks to sign in where a page is of no use without. */
export function SignInFirst({ title, text }) {
  return html`<main class="page narrow" id="main">
    <${Heading} title=${title} />
    <p>${text}</p>
    <p><a class="button" href=${loginPath()}>${t('sign-in')}</a></p>
  </main>`;
}
