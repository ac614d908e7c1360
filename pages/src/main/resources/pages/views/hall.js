// Choose seats: map, list and the best seats that are free, and hold them.
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Problem, send } from '../api.js';
import { readable, themeOf } from '../hall/colors.js';
import { SeatsAsList, stateName } from '../hall/list.js';
import { SeatMap } from '../hall/map.js';
import { HallModel } from '../hall/model.js';
import { followSeatMap } from '../hall/stream.js';
import { html } from '../html.js';
import { money, t } from '../i18n.js';
import { keyFor, settle } from '../keys.js';
import { ActionButton, Countdown, Failure, Heading, Loading, NotFound, Notice, explain, toLogin, useResource } from '../parts.js';
import { loginPath, navigate, useMe } from '../session.js';
import { askWorker } from '../trusted.js';
import { SaleState } from './sales.js';
import { seatName } from './seats.js';

const REFRESH_MS = 10_000;
const LIST_MS = 250;

export function Hall({ id }) {
  const performance = useResource('/api/performances/' + id, REFRESH_MS);
  const model = usePlan(id);
  const p = performance.value;
  const missing = performance.problem?.status === 404 || performance.problem?.status === 400;
  if (missing) return html`<${NotFound} />`;
  if (!p || !model) {
    const problem = performance.problem;
    return html`<main class="page" id="main">${problem ? html`<${Failure} problem=${problem} again=${performance.reload} />` : html`<${Loading} />`}</main>`;
  }
  return html`<${Open} performance=${p} model=${model} reload=${performance.reload} />`;
}

/** @param {string} id @returns {HallModel | null} */
function usePlan(id) {
  const [model, setModel] = useState(/** @type {HallModel | null} */ (null));
  useEffect(() => {
    let here = true;
    void askWorker('plan.js', `/api/performances/${id}/seating-plan`).then(({ plan }) => {
      if (here && plan) setModel(new HallModel(plan));
    });
    return () => void (here = false);
  }, [id]);
  return model;
}

/** Counts the changes of the model, not more often than a list should change under a reader. @param {HallModel} model */
function useVersion(model) {
  const [version, setVersion] = useState(0);
  useEffect(() => {
    let timer = 0;
    let now = false;
    const render = () => {
      timer = 0;
      now = false;
      setVersion((n) => n + 1);
    };
    const end = model.listen((seats) => {
      if (seats !== null && seats.length === 0) return;
      // What the viewer does is shown at once.
      if (seats !== null && seats.length === 1 && !now) {
        now = true;
        clearTimeout(timer);
        queueMicrotask(render);
      } else if (timer === 0 && !now) {
        timer = setTimeout(render, LIST_MS);
      }
    });
    return () => {
      clearTimeout(timer);
      end();
    };
  }, [model]);
  return version;
}

function Open({ performance: p, model, reload }) {
  const me = useMe();
  const version = useVersion(model);
  const [live, setLive] = useState(false);
  const [lost, setLost] = useState(/** @type {string[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [view, setView] = useState('map');
  const mine = useResource(me.buyer === null ? null : '/api/me/reservations?limit=20', REFRESH_MS);
  const held = mine.value?.items.find((r) => r.performanceId === p.performanceId && (r.status === 'HELD' || r.status === 'PAYMENT_PENDING'));
  const price = (/** @type {number} */ seat) => priceOf(p, model.plan, seat);
  const sold = model.plan.categories.map(({ name }) => p.prices[name]);

  const gone = (/** @type {number[]} */ seats) => {
    if (seats.length > 0) setLost((before) => [...before, ...seats.map((seat) => seatName(model.place(seat), ''))].slice(-p.maxSeatsPerBuyer));
  };
  const kept = 'onsale.choice.' + p.performanceId;
  useEffect(() => model.listen(() => {
    if (model.known) sessionStorage.setItem(kept, JSON.stringify([...model.chosen].map((seat) => model.plan.labels[seat])));
  }), [model]);
  useEffect(() => followSeatMap(`/api/performances/${p.performanceId}/seat-map`, {
    onMap: (letters) => {
      // Before a refresh, or before the viewer went to sign in.
      const before = model.known ? [] : JSON.parse(sessionStorage.getItem(kept) ?? '[]');
      gone([...model.replace(letters), ...model.choose(before)]);
    },
    onSeats: (letters) => gone(model.change(letters)),
    onLive: setLive,
  }), [p.performanceId, model]);

  const toggle = (/** @type {number} */ seat) => {
    setProblem(null);
    if (!model.chosen.has(seat) && model.chosen.size >= p.maxSeatsPerBuyer) {
      setProblem(new Problem(0, 'TOO_MANY_SEATS', t('hall.at-most', { count: p.maxSeatsPerBuyer })));
      return;
    }
    model.toggle(seat);
  };

  const hold = async (/** @type {object} */ body) => {
    setProblem(null);
    setLost([]);
    const name = 'hold ' + p.performanceId;
    try {
      const reservation = await send('POST', `/api/performances/${p.performanceId}/reservations`, body, keyFor(name, body));
      settle(name);
      model.clear();
      navigate('/reservations/' + reservation.reservationId);
    } catch (/** @type {any} */ failure) {
      if (toLogin(failure)) return;
      if (failure.status >= 400 && failure.status < 500) settle(name);
      const taken = (failure.errors ?? []).flatMap(({ place }) => model.takenAway(place));
      gone(taken);
      if (taken.length === 0) setProblem(failure);
    }
  };

  return html`<main class="hall" id="main">
    <div class="hall-head">
      <${Heading} title=${p.title} eyebrow=${p.hall} />
      <p class="facts"><${SaleState} sale=${p} reload=${reload} />
        <span class=${'live' + (live ? '' : ' off')}>${live ? t('hall.live') : t('hall.not-live')}</span></p>
    </div>
    ${held && html`<${Notice} kind="good"><p>${t('hall.held', { count: held.seats.length })} <${Countdown} until=${held.heldUntil} />
      ${' '}<a href=${'/reservations/' + held.reservationId}>${t('tickets.continue')}</a></p></${Notice}>`}
    <div class="hall-body">
      <div class="tabs" role="group" aria-label=${t('hall.view')}>
        <button aria-pressed=${view === 'map'} onClick=${() => setView('map')}>${t('hall.map')}</button>
        <button aria-pressed=${view === 'list'} onClick=${() => setView('list')}>${t('hall.list')}</button>
      </div>
      <${MapView} model=${model} toggle=${toggle} price=${price} hidden=${view !== 'map'} />
      <aside class="side">
        <div class=${'side-list' + (view === 'list' ? '' : ' hidden-on-phone')}>
          <details class="fold" open=${view === 'list' || undefined}><summary>${t('hall.list')}</summary>
            <${SeatsAsList} model=${model} toggle=${toggle} price=${price} version=${version} /></details>
        </div>
        <${Legend} model=${model} prices=${sold} />
        <${Best} performance=${p} hold=${hold} />
      </aside>
    </div>
    <${Choice} performance=${p} model=${model} version=${version} lost=${lost} problem=${problem} hold=${hold} toggle=${toggle} signedIn=${me.buyer !== null} />
  </main>`;
}

function priceOf(performance, plan, seat) {
  const price = performance.prices[plan.categories[plan.category[seat]].name];
  return price ? money(price) : t('hall.not-for-sale');
}

function MapView({ model, toggle, price, hidden }) {
  const canvas = useRef(/** @type {HTMLCanvasElement | null} */ (null));
  const map = useRef(/** @type {SeatMap | null} */ (null));
  const toggled = useRef(toggle);
  toggled.current = toggle;
  const [hover, setHover] = useState({ seat: -1, x: 0, y: 0 });
  useEffect(() => {
    const made = new SeatMap(/** @type {HTMLCanvasElement} */ (canvas.current), model, {
      onSeat: (seat) => toggled.current(seat),
      onHover: (seat, x, y) => setHover((before) => (before.seat === seat && seat < 0 ? before : { seat, x, y })),
    });
    map.current = made;
    // For tests, and for shops that put a picture of the seat beside the map.
    /** @type {any} */ (canvas.current).seatMap = made;
    const mirror = model.listen(() => model.focus >= 0 && made.reveal(model.focus));
    return () => {
      mirror();
      made.close();
    };
  }, [model]);
  return html`<div class=${'map' + (hidden ? ' hidden-on-phone' : '')}>
    <canvas ref=${canvas} role="img" aria-label=${t('hall.map-label')}></canvas>
    <div class="zoom">
      <button aria-label=${t('hall.zoom-in')} onClick=${() => map.current?.zoom(1.6)}>+</button>
      <button aria-label=${t('hall.zoom-out')} onClick=${() => map.current?.zoom(1 / 1.6)}>−</button>
      <button aria-label=${t('hall.fit')} onClick=${() => map.current?.fit()}>⤢</button>
    </div>
    ${!model.known && html`<div class="map-loading"><${Loading} /></div>`}
    ${hover.seat >= 0 && html`<${Tip} model=${model} hover=${hover} price=${price} />`}
  </div>`;
}

function Tip({ model, hover, price }) {
  const { plan } = model;
  const tip = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => {
    const element = /** @type {HTMLElement} */ (tip.current);
    const wide = /** @type {HTMLElement} */ (element.parentElement).clientWidth;
    element.style.left = `${Math.min(Math.max(hover.x, element.offsetWidth / 2 + 8), wide - element.offsetWidth / 2 - 8)}px`;
    element.style.top = `${hover.y}px`;
    element.classList.toggle('below', hover.y < 90);
  });
  const state = model.chosen.has(hover.seat) ? 'chosen' : stateName(model.states[hover.seat]);
  return html`<div class="tip" ref=${tip} aria-hidden="true"><strong>${seatName(model.place(hover.seat), '')}</strong>
    <span>${plan.categories[plan.category[hover.seat]].name} · ${state === 'free' || state === 'chosen' ? price(hover.seat) : t('hall.state.' + state)}</span></div>`;
}

function Legend({ model, prices }) {
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  const [theme, setTheme] = useState(() => themeOf(document.documentElement));
  useEffect(() => {
    const read = () => setTheme(themeOf(document.documentElement));
    const query = matchMedia('(prefers-color-scheme: dark)');
    query.addEventListener('change', read);
    return () => query.removeEventListener('change', read);
  }, []);
  useEffect(() => {
    list.current?.querySelectorAll('[data-color]').forEach((dot) => {
      /** @type {HTMLElement} */ (dot).style.background = readable(/** @type {HTMLElement} */ (dot).dataset.color ?? '', theme);
    });
  });
  return html`<section class="legend" ref=${list} aria-label=${t('hall.legend')}>
    <ul class="categories" role="list">
      ${model.plan.categories.map(({ name, color }, at) => prices[at] && html`<li key=${name}>
        <button aria-pressed=${model.filter === at} onClick=${() => model.limitTo(model.filter === at ? -1 : at)}>
          <span class="dot" data-color=${color} aria-hidden="true"></span><span>${name}</span><span class="price">${money(prices[at])}</span>
        </button></li>`)}
    </ul>
    <ul class="states" role="list">
      <li><span class="shape free" aria-hidden="true"></span>${t('hall.state.free')}</li>
      <li><span class="shape chosen" aria-hidden="true"></span>${t('hall.state.chosen')}</li>
      <li><span class="shape held" aria-hidden="true"></span>${t('hall.state.held')}</li>
      <li><span class="shape taken" aria-hidden="true"></span>${t('hall.state.taken')}</li>
    </ul>
  </section>`;
}

function Best({ performance: p, hold }) {
  const me = useMe();
  const [quantity, setQuantity] = useState(Math.min(2, p.maxSeatsPerBuyer));
  const [category, setCategory] = useState('');
  return html`<section class="best card" aria-labelledby="best">
    <h2 id="best">${t('best.title')}</h2>
    <p class="muted small">${t('best.text')}</p>
    <div class="fields">
      <label class="field"><span>${t('best.quantity')}</span>
        <select name="quantity" value=${quantity} onChange=${(event) => setQuantity(Number(event.currentTarget.value))}>
          ${Array.from({ length: p.maxSeatsPerBuyer }, (_, at) => html`<option key=${at} value=${at + 1} selected=${at + 1 === quantity}>${at + 1}</option>`)}
        </select></label>
      <label class="field"><span>${t('best.category')}</span>
        <select name="category" value=${category} onChange=${(event) => setCategory(event.currentTarget.value)}>
          <option value="" selected=${category === ''}>${t('best.any')}</option>
          ${Object.entries(p.prices).map(([name, amount]) => html`<option key=${name} value=${name} selected=${name === category}>${name} – ${money(amount)}</option>`)}
        </select></label>
    </div>
    ${me.buyer === null
      ? html`<a class="button" href=${loginPath()}>${t('hall.sign-in')}</a>`
      : html`<${ActionButton} disabled=${p.sale !== 'OPEN'} action=${() => hold(category ? { quantity, category } : { quantity })}>${t('best.hold')}</${ActionButton}>`}
  </section>`;
}

/** What the viewer has chosen, always in sight. */
function Choice({ performance: p, model, lost, problem, hold, toggle, signedIn }) {
  const seats = useMemo(() => [...model.chosen].sort((a, b) => a - b), [model.chosen.size, [...model.chosen].join()]);
  const total = seats.reduce((sum, seat) => sum + (p.prices[model.plan.categories[model.plan.category[seat]].name]?.minorUnits ?? 0), 0);
  const currency = Object.values(p.prices)[0]?.currency ?? 'EUR';
  const body = { seats: seats.map((seat) => model.plan.labels[seat]) };
  return html`<section class=${'choice' + (seats.length > 0 || lost.length > 0 || problem ? ' open' : '')} aria-label=${t('hall.choice')}>
    <div class="said" role="status" aria-live="polite">
      ${lost.length > 0 && html`<${Notice} kind="warning" role="presentation"><p>${t('hall.lost', { count: lost.length, seats: lost.join(', ') })}
        ${' '}${seats.length > 0 ? t('hall.rest-kept') : ''}</p></${Notice}>`}
      ${problem !== null && html`<${Notice} kind="bad" role="presentation"><p>${problem.status === 0 && problem.message ? problem.message : explain(problem)}
        ${problem.code === 'NOT_ADMITTED' && html` <a href=${`/sales/${p.performanceId}/queue`}>${t('sale.to-queue')}</a>`}</p></${Notice}>`}
    </div>
    ${seats.length > 0 && html`<div class="chosen">
      <ul role="list">${seats.map((seat) => html`<li key=${seat}><button class="chip" onClick=${() => toggle(seat)}
        aria-label=${t('hall.remove', { seat: seatName(model.place(seat), '') })}>${seatName(model.place(seat), '')} <span aria-hidden="true">×</span></button></li>`)}</ul>
      <div class="go"><p><span class="muted">${t('hall.chosen', { count: seats.length })}</span> <strong>${money({ minorUnits: total, currency })}</strong></p>
        ${signedIn
          ? html`<${ActionButton} kind="primary" disabled=${p.sale !== 'OPEN'} action=${() => hold(body)}>${t('hall.hold')}</${ActionButton}>`
          : html`<a class="button primary" href=${loginPath()}>${t('hall.sign-in')}</a>`}</div>
    </div>`}
  </section>`;
}

