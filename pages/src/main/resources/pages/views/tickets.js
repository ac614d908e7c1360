// All reservations of the viewer, with state and reason, and what can be done.
import { useRef, useState } from 'preact/hooks';
import { send } from '../api.js';
import { html } from '../html.js';
import { money, t, when } from '../i18n.js';
import { ActionButton, Countdown, Failure, Heading, Loading, SignInFirst, toLogin, useResource } from '../parts.js';
import { useMe } from '../session.js';
import { SeatList, usePlaces } from './seats.js';
import { discountOf, reasonOf } from './words.js';

const REFRESH_MS = 5000;

export function Tickets() {
  const me = useMe();
  const reservations = useResource(me.buyer === null ? null : '/api/me/reservations?limit=50', REFRESH_MS);
  const coupons = useResource(me.buyer === null ? null : '/api/me/coupons?limit=50');
  const wallet = useResource(me.buyer === null ? null : '/api/wallet');
  if (me.buyer === null) return html`<${SignInFirst} title=${t('tickets.title')} text=${t('tickets.sign-in')} />`;
  const list = reservations.value?.items;
  return html`<main class="page" id="main">
    <${Heading} title=${t('tickets.title')} />
    ${reservations.problem && !list && html`<${Failure} problem=${reservations.problem} again=${reservations.reload} />`}
    ${!list && !reservations.problem && html`<${Loading} />`}
    ${list?.length === 0 && html`<div class="empty"><p>${t('tickets.none')}</p><a class="button primary" href="/">${t('to-the-events')}</a></div>`}
    <div class="columns">
      <ul class="cards grow">${list?.map((item) => html`<li key=${item.reservationId}>
        <${Ticket} reservation=${item} reload=${reservations.reload} /></li>`)}</ul>
      ${(coupons.value?.items.length > 0 || wallet.value?.balances.length > 0) && html`<aside class="stack">
        ${coupons.value?.items.length > 0 && html`<h2 class="quiet-heading">${t('tickets.coupons')}</h2>
          <ul class="cards">${coupons.value.items.map((coupon) => html`<li key=${coupon.couponId} class="card coupon">
            <p class="worth">${discountOf(coupon.discount)}</p><p>${coupon.campaignName}</p>
            <p class="muted small">${t('coupon.status.' + coupon.status)}</p></li>`)}</ul>`}
        ${wallet.value?.balances.length > 0 && html`<h2 class="quiet-heading">${t('tickets.points')}</h2>
          ${wallet.value.balances.map((balance) => html`<p class="big" key=${balance.currency}>${money(balance)}</p>`)}`}
      </aside>`}
    </div>
  </main>`;
}

function Ticket({ reservation: r, reload }) {
  const performance = useResource('/api/performances/' + r.performanceId);
  const places = usePlaces(r.performanceId);
  const p = performance.value;
  const over = r.status === 'EXPIRED' || r.status === 'CANCELLED';
  return html`<article class=${'card ticket' + (over ? ' over' : '')}>
    <div class="stub"><${State} reservation=${r} /></div>
    <h2>${p?.title ?? '…'}</h2>
    ${p && html`<p class="muted">${p.hall} · ${when(p.startsAt)}</p>`}
    <${SeatList} reservation=${r} places=${places} />
    <p class="total"><span>${t('checkout.total')}</span> <strong>${money(paidFor(r))}</strong></p>
    <${Next} reservation=${r} performance=${p} reload=${reload} />
  </article>`;
}

/** What was paid and has not come back. @param {any} r a reservation */
function paidFor(r) {
  const paid = r.payment?.amount ?? r.total;
  const isPart = r.payment?.refunded && r.payment.status !== 'REFUNDED';
  return isPart ? { ...paid, minorUnits: paid.minorUnits - r.payment.refunded.minorUnits } : paid;
}

function State({ reservation: r }) {
  const kind = { CONFIRMED: 'open', HELD: 'soon', PAYMENT_PENDING: 'soon' }[r.status] ?? 'over';
  return html`<span class=${'pill ' + kind}>${t('reservation.status.' + r.status)}</span>
    ${r.status === 'HELD' && html` <${Countdown} until=${r.heldUntil} />`}
    ${r.payment?.status === 'REFUNDED' && html` <span class="muted small">${t('payment.refunded')}</span>`}
    ${r.payment?.reason && html` <span class="muted small">${reasonOf(r.payment.reason)}</span>`}`;
}

function Next({ reservation: r, performance, reload }) {
  const [problem, setProblem] = useState(/** @type {unknown} */ (null));
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  const cancel = async () => {
    try {
      await send('DELETE', '/api/reservations/' + r.reservationId);
      setProblem(null);
    } catch (failure) {
      if (toLogin(failure)) return;
      setProblem(failure);
    }
    dialog.current?.close();
    reload();
  };
  const paid = r.status === 'CONFIRMED';
  const payable = ['PAY', 'PAY_AGAIN', 'WAIT', 'AUTHENTICATE'].includes(r.next.action);
  return html`
    ${problem !== null && html`<${Failure} problem=${problem} />`}
    <div class="actions">
      ${paid && html`<a class="button primary" href=${`/reservations/${r.reservationId}/tickets`}>${t('tickets.show')}</a>`}
      ${payable && html`<a class="button primary" href=${'/reservations/' + r.reservationId}>${t('tickets.continue')}</a>`}
      ${(paid || r.status === 'HELD') && html`<button class="quiet" onClick=${() => dialog.current?.showModal()}>
        ${paid ? t('tickets.cancel') : t('tickets.release')}</button>`}
    </div>
    <dialog ref=${dialog} aria-labelledby=${'ask-' + r.reservationId}>
      <h3 id=${'ask-' + r.reservationId}>${paid ? t('tickets.cancel-title') : t('tickets.release-title')}</h3>
      <p>${paid
        ? t('tickets.cancel-text', { amount: money(paidFor(r)), time: performance ? when(performance.cancellableUntil) : '' })
        : t('tickets.release-text')}</p>
      ${paid && r.discount && html`<p>${t('tickets.cancel-coupon')}</p>`}
      <div class="actions">
        <${ActionButton} kind="danger" action=${cancel}>${paid ? t('tickets.cancel') : t('tickets.release')}</${ActionButton}>
        <button type="button" class="quiet" onClick=${() => dialog.current?.close()}>${t('keep')}</button>
      </div>
    </dialog>`;
}
