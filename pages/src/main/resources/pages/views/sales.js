// What is on sale: performances, and coupon campaigns beside them.
import { html } from '../html.js';
import { date, money, t } from '../i18n.js';
import { Countdown, Failure, Heading, Loading, Share, useResource } from '../parts.js';
import { discountOf, lowestPrice } from './words.js';

const REFRESH_MS = 15_000;

export function Sales() {
  const performances = useResource('/api/performances?limit=50', REFRESH_MS);
  const campaigns = useResource('/api/campaigns?limit=20', REFRESH_MS);
  return html`<main class="page" id="main">
    <${Heading} title=${t('sales.title')}><p class="lead">${t('sales.lead')}</p></${Heading}>
    <div class="columns">
      <section aria-labelledby="performances" class="grow">
        <h2 id="performances" class="quiet-heading">${t('sales.performances')}</h2>
        ${performances.problem && !performances.value && html`<${Failure} problem=${performances.problem} again=${performances.reload} />`}
        ${!performances.value && !performances.problem && html`<${Loading} />`}
        ${performances.value?.items.length === 0 && html`<p class="muted">${t('sales.none')}</p>`}
        <ul class="cards">
          ${performances.value?.items.map((item) => html`<li key=${item.performanceId}>
            <${PerformanceCard} performance=${item} reload=${performances.reload} /></li>`)}
        </ul>
      </section>
      ${campaigns.value?.items.length > 0 && html`<aside aria-labelledby="campaigns">
        <h2 id="campaigns" class="quiet-heading">${t('sales.campaigns')}</h2>
        <ul class="cards">
          ${campaigns.value.items.map((item) => html`<li key=${item.campaignId}><${CampaignCard} campaign=${item} /></li>`)}
        </ul>
      </aside>`}
    </div>
  </main>`;
}

function PerformanceCard({ performance: p, reload }) {
  return html`<article class="card sale">
    <div class="date" aria-hidden="true">
      <span class="month">${date(p.startsAt, { month: 'short' })}</span>
      <span class="day">${date(p.startsAt, { day: 'numeric' }).replace(/\D+$/, '')}</span>
      <span class="year">${date(p.startsAt, { year: 'numeric' }).replace(/\D+$/, '')}</span>
    </div>
    <div class="what">
      <h3><a href=${'/sales/' + p.performanceId}>${p.title}</a></h3>
      <p>${p.hall}</p>
      <p class="muted">${date(p.startsAt, { dateStyle: 'full', timeStyle: 'short' })}</p>
      <p class="facts"><${SaleState} sale=${p} reload=${reload} />
        ${lowestPrice(p) && html`<span>${t('sale.from', { price: money(lowestPrice(p)) })}</span>`}</p>
    </div>
  </article>`;
}

/** Open, soon (with a countdown), sold out or over; in words, a shape and a colour. */
export function SaleState({ sale, reload = null }) {
  if (sale.sale === 'NOT_OPEN') {
    return html`<span class="pill soon">${t('sale.opens-in')} <${Countdown} until=${sale.saleOpensAt} onEnd=${reload} /></span>`;
  }
  if (sale.sale === 'CALLED_OFF') return html`<span class="pill over">${t('sale.called-off')}</span>`;
  if (sale.sale === 'CLOSED') return html`<span class="pill over">${t('sale.closed')}</span>`;
  const left = sale.seats.available;
  if (left === 0) {
    return html`<span class="pill over">${sale.seats.held > 0 ? t('sale.all-held') : t('sale.sold-out')}</span>`;
  }
  return html`<span class=${'pill ' + (left * 10 < sale.seats.total ? 'few' : 'open')}>
    ${t('sale.seats-left', { count: left })}</span>`;
}

function CampaignCard({ campaign: c }) {
  return html`<article class="card coupon">
    <p class="worth">${discountOf(c.discount)}</p>
    <h3><a href=${'/campaigns/' + c.campaignId}>${c.name}</a></h3>
    <p class="muted">${t('campaign.status.' + c.status)}${c.status === 'OPEN' && html` · ${t('campaign.left', { count: c.remaining })}`}</p>
    <${Share} left=${c.remaining} all=${c.quantity} label=${t('campaign.left', { count: c.remaining })} />
  </article>`;
}
