// From the hold to the ticket. Everything shown comes from the reservation, so a refresh continues at any moment.
import { useEffect, useRef, useState } from 'preact/hooks';
import { send } from '../api.js';
import { html } from '../html.js';
import { money, t, when } from '../i18n.js';
import { keyFor, pendingRequest, settle } from '../keys.js';
import { ActionButton, Countdown, Failure, Heading, Loading, NotFound, Notice, SignInFirst, toLogin, useResource, useTimeLeft } from '../parts.js';
import { useMe } from '../session.js';
import { SeatList, usePlaces } from './seats.js';
import { discountOf, discounted, reasonOf } from './words.js';

const WAITING_MS = 1000;
const IDLE_MS = 5000;
const WARN_MS = 60_000;

/** Tokens of the payment simulator, for development. */
const CARDS = ['tok_approved', 'tok_declined_insufficient_funds', 'tok_declined_card', 'tok_declined_expired',
  'tok_declined_fraud', 'tok_approved_answer_lost'];

export function Checkout({ id }) {
  const me = useMe();
  const [everyMs, setEveryMs] = useState(WAITING_MS);
  const reservation = useResource(me.buyer === null ? null : '/api/reservations/' + id, everyMs);
  const r = reservation.value;
  const performance = useResource(r ? '/api/performances/' + r.performanceId : null);
  const places = usePlaces(r?.performanceId ?? null);
  const timeIsOver = useTimeLeft(r?.heldUntil) <= 0;
  useEffect(() => {
    setEveryMs(r && !isMoving(r, timeIsOver) ? IDLE_MS : WAITING_MS);
  }, [r?.status, r?.next.action, timeIsOver]);
  if (me.buyer === null) return html`<${SignInFirst} title=${t('checkout.title')} text=${t('checkout.sign-in')} />`;
  if (reservation.problem?.status === 404 || reservation.problem?.status === 400) return html`<${NotFound} />`;
  if (!r) {
    return html`<main class="page" id="main">${reservation.problem
      ? html`<${Failure} problem=${reservation.problem} again=${reservation.reload} />` : html`<${Loading} />`}</main>`;
  }
  const p = performance.value;
  return html`<main class="page" id="main">
    <${Heading} title=${titleOf(r)} eyebrow=${p?.title}>${p && html`<p class="lead">${p.hall} · ${when(p.startsAt)}</p>`}</${Heading}>
    <div class="columns">
      <section class="grow stack"><${Stage} reservation=${r} me=${me} reload=${reservation.reload} /></section>
      <aside class="card order" aria-labelledby="order">
        <h2 id="order" class="quiet-heading">${t('checkout.order')}</h2>
        <${SeatList} reservation=${r} places=${places} />
        <p class="total"><span>${t('checkout.total')}</span> <strong>${money(r.total)}</strong></p>
        <p class="small"><a href=${'/receipts/' + r.performanceId}>${t('receipt.link')}</a></p>
      </aside>
    </div>
  </main>`;
}

/** Whether the state is about to change without the viewer. */
function isMoving(r, timeIsOver) {
  return r.next.action === 'WAIT' || (r.status === 'HELD' && timeIsOver);
}

function titleOf(r) {
  if (r.status === 'CONFIRMED') return t('checkout.confirmed');
  if (r.status === 'EXPIRED') return t('checkout.expired');
  if (r.status === 'CANCELLED') return t('checkout.cancelled');
  return t('checkout.title');
}

/** Every state of a reservation has its words and the next action. */
function Stage({ reservation: r, me, reload }) {
  const timeIsOver = useTimeLeft(r.heldUntil) <= 0;
  const back = html`<a class="button" href=${`/sales/${r.performanceId}/seats`}>${t('checkout.choose-again')}</a>`;
  switch (r.status) {
    case 'CONFIRMED':
      return html`<${Notice} kind="good"><p><strong>${t('checkout.confirmed-text', { count: r.seats.length })}</strong></p>
        <p>${r.payment ? t('checkout.paid', { amount: money(r.payment.amount) }) : ''}</p></${Notice}>
        <p class="actions"><a class="button primary" href=${`/reservations/${r.reservationId}/tickets`}>${t('tickets.show')}</a>
          <a class="button" href="/tickets">${t('nav.tickets')}</a></p>`;
    case 'EXPIRED':
      return html`<${Notice} kind="warning" role="alert"><p>${t('checkout.expired-text')}</p></${Notice}><p>${back}</p>`;
    case 'CANCELLED':
      if (r.next.reason === 'PERFORMANCE_CALLED_OFF') return html`<${Notice} kind="warning"><p>${t('sale.called-off-text')}</p></${Notice}>`;
      return html`<${Notice}><p>${t('checkout.cancelled-text')}</p>${r.payment && html`<p>${t('checkout.refund')}</p>`}</${Notice}><p>${back}</p>`;
    default:
      if (r.status === 'HELD' && timeIsOver) return html`<${Notice} kind="warning" role="alert"><p>${t('checkout.expired')}</p></${Notice}>`;
      return r.next.action === 'WAIT' || r.next.action === 'AUTHENTICATE'
        ? html`<${Waiting} reservation=${r} />`
        : html`<${Payment} reservation=${r} me=${me} reload=${reload} />`;
  }
}

function Waiting({ reservation: r }) {
  const reason = r.next.action === 'AUTHENTICATE' ? 'AUTHENTICATE' : r.next.reason ?? 'WAIT';
  return html`<div class="card waiting" role="status">
    <span class="spinner" aria-hidden="true"></span>
    <div><p><strong>${t('checkout.waiting')}</strong></p><p class="muted">${t('waiting.' + reason)}</p></div>
  </div>`;
}

function HoldClock({ until, reload }) {
  const left = useTimeLeft(until);
  const soon = left <= WARN_MS;
  return html`<div class=${'hold' + (soon ? ' soon' : '')}>
    <p><span>${t('checkout.held-for')}</span> <${Countdown} until=${until} onEnd=${reload} /></p>
    <p class="visually-hidden" role="alert">${soon && left > 0 ? t('checkout.last-minute') : ''}</p>
    ${soon && html`<p class="small" aria-hidden="true">${t('checkout.last-minute')}</p>`}
  </div>`;
}

function Payment({ reservation: r, me, reload }) {
  const coupons = useResource('/api/me/coupons?limit=100');
  const wallet = useResource('/api/wallet');
  const [method, setMethod] = useKept('method', 'card');
  const [card, setCard] = useKept('card', CARDS[0]);
  const [couponId, setCouponId] = useKept('coupon ' + r.reservationId, '');
  const [contact, setContact] = useKept('contact', { name: '', email: '' });
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const usable = (coupons.value?.items ?? []).filter((item) => item.status === 'ISSUED');
  const coupon = usable.find((item) => item.couponId === couponId) ?? null;
  const off = coupon ? discounted(coupon.discount, r.total) ?? 0 : 0;
  const due = { minorUnits: r.total.minorUnits - off, currency: r.total.currency };
  const balance = wallet.value?.balances.find((item) => item.currency === due.currency)?.minorUnits ?? 0;
  const request = 'pay ' + r.reservationId;
  const form = useRef(/** @type {HTMLFormElement | null} */ (null));

  const pay = async (body) => {
    setProblem(null);
    try {
      await send('POST', `/api/reservations/${r.reservationId}/payments`, body, keyFor(request, body));
      settle(request);
    } catch (/** @type {any} */ failure) {
      if (toLogin(failure)) return;
      // Without an answer the request stays pending, and goes on with the same key.
      if (failure.status >= 400 && failure.status < 500) settle(request);
      setProblem(failure);
      coupons.reload();
    }
    reload();
  };
  useEffect(() => {
    const pending = pendingRequest(request);
    if (pending) void pay(pending.body);
  }, []);

  const submit = async () => {
    if (!form.current?.reportValidity()) return;
    const given = Object.fromEntries(Object.entries(contact).filter(([, value]) => value.trim() !== ''));
    await pay({
      method: method === 'points' ? { type: 'points' } : { type: 'card', token: card },
      amount: due,
      ...(coupon ? { coupon: { campaignId: coupon.campaignId, couponId: coupon.couponId } } : {}),
      ...(Object.keys(given).length > 0 ? { contact: given } : {}),
    });
  };

  const enough = method !== 'points' || balance >= due.minorUnits;
  return html`
    <${HoldClock} until=${r.heldUntil} reload=${reload} />
    ${r.next.action === 'PAY_AGAIN' && html`<${Notice} kind="bad" role="alert"><p><strong>${t('checkout.declined')}</strong>
      ${' '}${reasonOf(r.payment?.reason ?? r.next.reason)}</p><p>${t('checkout.declined-text')}</p></${Notice}>`}
    ${problem !== null && html`<${Failure} problem=${problem} />`}
    <form ref=${form} class="stack" onSubmit=${(event) => event.preventDefault()}>
      ${usable.length > 0 && html`<fieldset class="card"><legend>${t('checkout.coupon')}</legend>
        <${Option} group="coupon" value="" chosen=${coupon === null} choose=${() => setCouponId('')}>${t('checkout.no-coupon')}</${Option}>
        ${usable.map((item) => {
          const worth = discounted(item.discount, r.total);
          return html`<${Option} key=${item.couponId} group="coupon" value=${item.couponId} disabled=${worth === null}
            chosen=${coupon?.couponId === item.couponId} choose=${() => setCouponId(item.couponId)}>
            ${item.campaignName}<small>${discountOf(item.discount)}</small>
            <span class="price">${worth === null ? t('checkout.coupon-not') : '−' + money({ ...r.total, minorUnits: worth })}</span></${Option}>`;
        })}</fieldset>`}
      <fieldset class="card"><legend>${t('checkout.method')}</legend>
        <${Option} group="method" value="card" chosen=${method === 'card'} choose=${() => setMethod('card')}>${t('checkout.card')}</${Option}>
        ${method === 'card' && me.login === 'DEVELOPMENT' && html`<div class="inset"><label class="field"><span>${t('checkout.test-card')}</span>
          <select name="card" aria-describedby="card-hint" value=${card} onChange=${(event) => setCard(event.currentTarget.value)}>
            ${CARDS.map((token) => html`<option value=${token} selected=${token === card}>${t('card.' + token)}</option>`)}
          </select></label><p class="muted small" id="card-hint">${t('checkout.test-card-hint')}</p></div>`}
        <${Option} group="method" value="points" disabled=${balance === 0} chosen=${method === 'points'} choose=${() => setMethod('points')}>
          ${t('checkout.points')}<small>${t('checkout.balance', { amount: money({ ...due, minorUnits: balance }) })}</small></${Option}>
      </fieldset>
      <fieldset class="card"><legend>${t('checkout.contact')}</legend>
        <label class="field"><span>${t('checkout.name')}</span><input name="name" autocomplete="name" maxlength="200" value=${contact.name}
          onInput=${(event) => setContact({ ...contact, name: event.currentTarget.value })} /></label>
        <label class="field"><span>${t('checkout.email')}</span><input name="email" type="email" autocomplete="email" maxlength="254" value=${contact.email}
          onInput=${(event) => setContact({ ...contact, email: event.currentTarget.value })} /></label>
      </fieldset>
      <div class="pay">
        ${off > 0 && html`<p class="muted">${t('checkout.with-coupon', { total: money(r.total), off: money({ ...due, minorUnits: off }) })}</p>`}
        ${!enough && html`<${Notice} kind="warning">${t('checkout.not-enough-points')}</${Notice}>`}
        <${ActionButton} kind="primary large" disabled=${!enough} action=${submit}>
          ${due.minorUnits === 0 ? t('checkout.book-free') : t('checkout.pay', { amount: money(due) })}</${ActionButton}>
      </div>
    </form>`;
}

function Option({ group, value, chosen, choose, disabled = false, children }) {
  return html`<label class="option"><input type="radio" name=${group} value=${value} checked=${chosen} disabled=${disabled} onChange=${choose} />
    <span class="words">${children}</span></label>`;
}

/** What the viewer chose, kept over a refresh and a declined payment. @param {string} name @param {any} initial */
function useKept(name, initial) {
  const place = 'onsale.form.' + name;
  const [value, setValue] = useState(() => JSON.parse(sessionStorage.getItem(place) ?? 'null') ?? initial);
  return [value, (/** @type {any} */ next) => {
    sessionStorage.setItem(place, JSON.stringify(next));
    setValue(next);
  }];
}
