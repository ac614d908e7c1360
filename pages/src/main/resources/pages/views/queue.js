// The waiting room: joins by itself, waits as the server says, enters by itself.
import { useEffect, useRef, useState } from 'preact/hooks';
import { Problem, delay, get, send } from '../api.js';
import { html } from '../html.js';
import { date, duration, number, t, when } from '../i18n.js';
import { ActionButton, Countdown, Failure, Heading, Loading, Notice, SignInFirst, toLogin, useResource } from '../parts.js';
import { navigate, useMe } from '../session.js';
import { tone } from '../tone.js';
import { askWorker } from '../trusted.js';

const AFTER_FAILURE_MS = 3000;
const ROOM_MS = 10_000;

export function Queue({ id }) {
  const me = useMe();
  const performance = useResource('/api/performances/' + id, ROOM_MS);
  const room = useResource('/api/waiting-rooms/' + id, ROOM_MS);
  const { place, problem, join, left, leave } = usePlace(me.buyer === null ? null : id, room);
  const p = performance.value;
  if (me.buyer === null) return html`<${SignInFirst} title=${t('queue.title')} text=${t('queue.sign-in')} />`;
  const gone = left || place?.state === 'LEFT' || place?.state === 'EXPIRED';
  return html`<main class="page narrow" id="main">
    <${Heading} title=${t('queue.title')} eyebrow=${p?.title}>${p && html`<p class="lead">${p.hall} · ${when(p.startsAt)}</p>`}</${Heading}>
    <div class="card queue" aria-live="polite">
      ${problem && html`<${Trouble} problem=${problem} id=${id} join=${join} />`}
      ${!place && !problem && !left && html`<${Loading} />`}
      ${place && !gone && html`<${Place} place=${place} room=${room.value} seats=${p?.seats} />`}
      ${gone && html`<${Gone} place=${place} join=${join} />`}
    </div>
    ${place && !gone && html`<${Choices} leave=${leave} />`}
    ${room.value?.commitment && html`<${Draw} id=${id} room=${room.value} buyer=${me.buyer} />`}
  </main>`;
}

/**
 * Joins and polls. Joining again keeps the place, so a refresh, a second tab and a lost answer do no harm.
 * @param {string | null} id
 */
function usePlace(id, room) {
  const [place, setPlace] = useState(/** @type {any} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [left, setLeft] = useState(false);
  const [round, setRound] = useState(0);
  useEffect(() => {
    if (id === null || left) return undefined;
    const ended = new AbortController();
    const visitors = `/api/waiting-rooms/${id}/visitors`;
    const follow = async () => {
      let current = null;
      while (!ended.signal.aborted) {
        let pause;
        try {
          current = current === null ? await joined(visitors, id) : await get(polled(visitors, current), ended.signal);
          if (ended.signal.aborted) return;
          setPlace(current);
          setProblem(null);
          if (current.state === 'ADMITTED') return await entered(id, current);
          if (current.state === 'LEFT' || current.state === 'EXPIRED') return;
          pause = (current.pollAfterMillis ?? current.pollAfterSeconds * 1000) * (1 + Math.random() * 0.1);
        } catch (failure) {
          if (ended.signal.aborted || toLogin(failure)) return;
          setProblem(failure);
          if (!(failure instanceof Problem) || !mayPass(failure)) return;
          if (failure.code === 'VISITOR_NOT_FOUND') current = null;
          pause = Math.max(failure.retryAfter * 1000, AFTER_FAILURE_MS) * (1 + Math.random() * 0.2);
        }
        await delay(pause);
      }
    };
    const entered = async (sale, admitted) => {
      if (!admitted.entered) await send('POST', `/api/sales/${sale}/entry`, { admissionToken: admitted.admissionToken }).catch((failure) => {
        // The token works once: an earlier attempt, whose answer was lost, was the one.
        if (failure.code !== 'ADMISSION_TOKEN_USED') throw failure;
      });
      tone();
      navigate(`/sales/${sale}/seats`, true);
    };
    void follow().catch((failure) => ended.signal.aborted || setProblem(failure));
    return () => ended.abort();
  }, [id, left, round]);
  const join = () => {
    setPlace(null);
    setProblem(null);
    setLeft(false);
    setRound((n) => n + 1);
    room.reload();
  };
  const leave = async () => {
    await send('DELETE', `/api/waiting-rooms/${id}/visitors/me`).catch(() => undefined);
    setPlace(null);
    setLeft(true);
  };
  return { place, problem, join, left, leave };
}

function mayPass(problem) {
  return problem.status === 0 || problem.status === 429 || problem.status >= 500
    || problem.code === 'SALE_NOT_OPEN' || problem.code === 'VISITOR_NOT_FOUND';
}

function polled(visitors, place) {
  return `${visitors}/me` + (place.ticket ? `?ticket=${encodeURIComponent(place.ticket)}` : '');
}

async function joined(visitors, id) {
  try {
    return await send('POST', visitors, {});
  } catch (problem) {
    if (problem instanceof Problem && problem.code === 'PROOF_OF_WORK_REQUIRED') {
      return send('POST', visitors, { altcha: await askWorker('proof-of-work.js', await get(`/api/waiting-rooms/${id}/challenge`)) });
    }
    throw problem;
  }
}

function Place({ place, room, seats }) {
  useEffect(() => {
    if (place.state === 'WAITING') document.title = `${number(place.position)} · ${t('queue.title')}`;
  }, [place]);
  if (place.state === 'BEFORE_OPENING') {
    return html`<p class="eyebrow">${t('queue.before')}</p>
      <p class="big">${place.opensAt ? html`<${Countdown} until=${place.opensAt} />` : t('queue.soon')}</p>
      <p>${t('queue.before-text')}</p>`;
  }
  if (place.state === 'QUEUED') return html`<p class="big">${t('queue.joining')}</p>`;
  if (place.state === 'ADMITTED') return html`<p class="big">${t('queue.your-turn')}</p><p>${t('queue.entering')}</p>`;
  const ahead = Math.max(0, place.position - 1);
  return html`
    ${!place.positionExact && html`<p class="eyebrow">${t('queue.about')}</p>`}
    <p class="huge">${number(ahead)}</p>
    <p class="muted">${t('queue.ahead', { count: ahead })}</p>
    ${place.paused && html`<${Notice} kind="warning">${t('queue.paused')}</${Notice}>`}
    ${room?.state === 'DRAINING' && html`<${Notice}>${t('queue.draining')}</${Notice}>`}
    <dl class="terms">
      ${place.estimate && !place.paused && html`<div><dt>${t('queue.estimate')}</dt><dd>${range(place.estimate)}</dd></div>
        <div><dt>${t('queue.pace')}</dt><dd>${t('queue.pace-value', { count: Math.round(place.estimate.peoplePerMinute) })}</dd></div>`}
      ${seats && html`<div><dt>${t('queue.seats')}</dt><dd>${t('sale.seats-left', { count: seats.available })}</dd></div>`}
    </dl>
    ${seats?.available === 0 && html`<${Notice} kind="warning">${seats.held > 0 ? t('queue.all-held') : t('queue.sold-out')}</${Notice}>`}
    <p class="muted small">${t('queue.keep')}</p>`;
}

function range({ fromSeconds, toSeconds }) {
  if (toSeconds <= 5) return t('queue.now');
  const to = duration(roundUp(toSeconds) * 1000);
  return fromSeconds < 5 ? t('queue.at-most', { to }) : t('queue.range', { from: duration(roundUp(fromSeconds) * 1000), to });
}

/** Seconds are not known that well. @param {number} seconds */
function roundUp(seconds) {
  const step = seconds < 60 ? 5 : seconds < 600 ? 30 : 60;
  return Math.ceil(seconds / step) * step;
}

function Gone({ place, join }) {
  return html`<p class="eyebrow">${t('queue.not-in')}</p>
    <p>${t('queue.left.' + (place?.reason ?? 'LEFT'))}</p>
    ${place?.reason !== 'SALE_CLOSED' && html`<p><button class="primary" onClick=${join}>${t('queue.join')}</button></p>`}`;
}

function Trouble({ problem, id, join }) {
  if (problem.code === 'WAITING_ROOM_NOT_FOUND') {
    return html`<p>${t('queue.no-room')}</p><p><a class="button primary" href=${`/sales/${id}/seats`}>${t('sale.choose')}</a></p>`;
  }
  if (problem.status === 0) return html`<${Notice} kind="warning">${t('queue.offline')}</${Notice}>`;
  return html`<${Failure} problem=${problem} again=${mayPass(problem) ? null : join} />`;
}

function Choices({ leave }) {
  const [sound, setSound] = useState(localStorage.getItem('onsale.sound') === 'on');
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const choose = (event) => {
    localStorage.setItem('onsale.sound', event.currentTarget.checked ? 'on' : 'off');
    setSound(event.currentTarget.checked);
    if (event.currentTarget.checked) tone();
  };
  return html`<div class="actions between">
    <label class="check"><input type="checkbox" checked=${sound} onChange=${choose} /> <span>${t('queue.sound')}</span></label>
    <button class="quiet" onClick=${() => dialog.current?.showModal()}>${t('queue.leave')}</button>
    <dialog ref=${dialog} aria-labelledby="leave-title"><h2 id="leave-title">${t('queue.leave-title')}</h2><p>${t('queue.leave-text')}</p>
      <div class="actions"><${ActionButton} kind="danger" action=${leave}>${t('queue.leave')}</${ActionButton}>
      <button type="button" class="quiet" onClick=${() => dialog.current?.close()}>${t('keep')}</button></div></dialog>
  </div>`;
}

/** The draw, and its check by the viewer's own browser. */
function Draw({ id, room, buyer }) {
  const [result, setResult] = useState(/** @type {any} */ (null));
  const check = async () => {
    setResult(await get(`/api/waiting-rooms/${id}/shuffle`).then((draw) => checked(draw, buyer)).catch((problem) => ({ problem })));
  };
  return html`<details class="draw"><summary>${t('draw.title')}</summary>
    <p>${t('draw.text')}</p>
    <p class="small">${t('draw.commitment')} <code>${room.commitment}</code></p>
    ${room.opensAt && html`<p class="small">${t('draw.at', { time: date(room.opensAt, { dateStyle: 'medium', timeStyle: 'long' }) })}</p>`}
    <${ActionButton} kind="quiet" action=${check}>${t('draw.check')}</${ActionButton}>
    ${result && html`<div role="status">${result.problem
      ? result.problem.code === 'SALE_NOT_OPEN' ? html`<${Notice}>${t('draw.not-yet')}</${Notice}>` : html`<${Failure} problem=${result.problem} />`
      : html`<${Notice} kind=${result.honest ? 'good' : 'bad'}>${result.honest
        ? result.rank > 0 ? t('draw.honest', { rank: result.rank, people: result.people }) : t('draw.honest-without')
        : t('draw.wrong')}</${Notice}>`}</div>`}
  </details>`;
}

/** Repeats the draw as docs/api.md describes it. */
async function checked(draw, buyer) {
  const seed = bytes(draw.seed);
  const commitment = hex(await digest(seed));
  const keyed = await Promise.all(draw.visitors.map(async (visitor) => ({
    visitor, key: hex(await digest(joinBytes(seed, bytes(visitor)))),
  })));
  const order = keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ visitor }) => visitor);
  const mine = hex(await digest(new TextEncoder().encode(`${draw.saleId}\n${buyer}`)));
  return {
    honest: commitment === draw.commitment && order.every((visitor, at) => visitor === draw.visitors[at]),
    rank: order.indexOf(mine) + 1,
    people: order.length,
  };
}

/** @param {Uint8Array<ArrayBuffer>} content */
async function digest(content) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', content));
}

/** @param {string} text */
function bytes(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** @param {Uint8Array} content */
function hex(content) {
  return Array.from(content, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** @param {Uint8Array} first @param {Uint8Array} second */
function joinBytes(first, second) {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}
