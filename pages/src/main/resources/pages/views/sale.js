// One sale: what, when, prices, seats left, and the way in.
import { useEffect } from 'preact/hooks';
import { html } from '../html.js';
import { duration, locale, money, number, t, when } from '../i18n.js';
import { Countdown, Failure, Heading, Loading, NotFound, Share, useResource } from '../parts.js';
import { SaleState } from './sales.js';

const REFRESH_MS = 5000;

export function Sale({ id }) {
  useEffect(() => void import('./hall.js'), []);
  const performance = useResource('/api/performances/' + id, REFRESH_MS);
  const p = performance.value;
  if (performance.problem?.status === 404 || performance.problem?.status === 400) return html`<${NotFound} />`;
  if (!p) {
    return html`<main class="page" id="main">${performance.problem
      ? html`<${Failure} problem=${performance.problem} again=${performance.reload} />` : html`<${Loading} />`}</main>`;
  }
  return html`<main class="page" id="main">
    <${Heading} title=${p.title} eyebrow=${p.hall}>
      <p class="lead">${when(p.startsAt)}</p>
    </${Heading}>
    <div class="columns">
      <section class="grow stack" aria-label=${t('sale.details')}>
        <table class="prices">
          <caption>${t('sale.prices')}</caption>
          <tbody>${Object.entries(p.prices).sort(([, a], [, b]) => b.minorUnits - a.minorUnits).map(([name, price]) => html`
            <tr key=${name}><th scope="row">${name}</th><td>${money(price)}</td></tr>`)}</tbody>
        </table>
        <dl class="terms">
          <div><dt>${t('sale.limit')}</dt><dd>${t('sale.limit-value', { count: p.maxSeatsPerBuyer })}</dd></div>
          <div><dt>${t('sale.hold')}</dt><dd>${t('sale.hold-value', { time: duration(isoDuration(p.holdDuration)) })}</dd></div>
          <div><dt>${t('sale.cancel')}</dt><dd>${when(p.cancellableUntil)}</dd></div>
          <div><dt>${t('sale.ends')}</dt><dd>${when(earlier(p.saleClosesAt, p.holdingEndsAt))}</dd></div>
        </dl>
        <p class="muted small">${t('sale.times', { zone: zoneName() })}</p>
      </section>
      <aside class="card entry">
        <p><${SaleState} sale=${p} reload=${performance.reload} /></p>
        <${Bar} seats=${p.seats} />
        <${WayIn} sale=${p} reload=${performance.reload} />
        ${p.sale !== 'NOT_OPEN' && html`<p class="small"><a href=${'/receipts/' + p.performanceId}>${t('receipt.why')}</a></p>`}
      </aside>
    </div>
  </main>`;
}

function WayIn({ sale, reload }) {
  if (sale.sale === 'CALLED_OFF') return html`<p>${t('sale.called-off-text')}</p>`;
  if (sale.sale === 'CLOSED') return html`<p>${t('sale.closed-text')}</p>`;
  if (sale.waitingRoom) {
    return html`<p>${sale.sale === 'NOT_OPEN' ? t('sale.queue-before') : t('sale.queue-now')}</p>
      <a class="button primary" href=${`/sales/${sale.performanceId}/queue`}>${t('sale.to-queue')}</a>`;
  }
  if (sale.sale === 'NOT_OPEN') {
    return html`<p class="big"><${Countdown} until=${sale.saleOpensAt} onEnd=${reload} /></p>
      <p class="muted">${t('sale.opens-at', { time: when(sale.saleOpensAt) })}</p>
      <a class="button" href=${`/sales/${sale.performanceId}/seats`}>${t('sale.look')}</a>`;
  }
  return html`<a class="button primary" href=${`/sales/${sale.performanceId}/seats`}>${t('sale.choose')}</a>`;
}

function Bar({ seats }) {
  return html`<div>
    <${Share} left=${seats.available} all=${seats.total} label=${t('sale.seats-left', { count: seats.available })} />
    <p class="muted small">${t('sale.counts', { available: number(seats.available), total: number(seats.total) })}</p>
  </div>`;
}

function earlier(a, b) {
  return Date.parse(a) < Date.parse(b) ? a : b;
}

/** "Central European Standard Time", as the viewer's language calls it. */
function zoneName() {
  const parts = new Intl.DateTimeFormat(locale, { timeZoneName: 'long' }).formatToParts();
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}

/** ISO 8601 without years and months. @param {string} text */
export function isoDuration(text) {
  const parts = /^P(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:([\d.]+)S)?)?$/.exec(text);
  if (!parts) return 0;
  const [, d, h, m, s] = parts.map((part) => Number(part ?? 0));
  return (((d * 24 + h) * 60 + m) * 60 + s) * 1000;
}
