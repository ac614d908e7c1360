// A coupon drop: countdown, one button, rank.
import { useState } from 'preact/hooks';
import { send } from '../api.js';
import { html } from '../html.js';
import { number, t, when } from '../i18n.js';
import { keyFor, settle } from '../keys.js';
import { ActionButton, Countdown, Failure, Heading, Loading, NotFound, Notice, Share, toLogin, useResource } from '../parts.js';
import { loginPath, useMe } from '../session.js';
import { discountOf } from './words.js';

const REFRESH_MS = 2000;

export function Campaign({ id }) {
  const me = useMe();
  const campaign = useResource('/api/campaigns/' + id, REFRESH_MS);
  const mine = useResource(me.buyer === null ? null : '/api/me/coupons?limit=100');
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const c = campaign.value;
  if (campaign.problem?.status === 404 || campaign.problem?.status === 400) return html`<${NotFound} />`;
  if (!c) {
    return html`<main class="page narrow" id="main">${campaign.problem
      ? html`<${Failure} problem=${campaign.problem} again=${campaign.reload} />` : html`<${Loading} />`}</main>`;
  }
  const coupons = (mine.value?.items ?? []).filter((coupon) => coupon.campaignId === id);

  const claim = async () => {
    setProblem(null);
    const name = 'coupon ' + id;
    try {
      await send('POST', `/api/campaigns/${id}/coupons`, undefined, keyFor(name));
      settle(name);
    } catch (failure) {
      if (toLogin(failure)) return;
      setProblem(failure);
    }
    mine.reload();
    campaign.reload();
  };

  return html`<main class="page narrow" id="main">
    <${Heading} title=${c.name} eyebrow=${t('campaign.eyebrow')}><p class="lead">${discountOf(c.discount)}</p></${Heading}>
    <div class="card entry">
      ${coupons.map((coupon) => html`<${Notice} kind="good" key=${coupon.couponId}>
        <p><strong>${t('campaign.yours')}</strong> ${t('campaign.rank', { rank: coupon.rank, quantity: c.quantity })}</p>
        <p class="muted small">${coupon.status === 'ISSUED' ? t('campaign.use') : t('coupon.status.' + coupon.status)}</p>
      </${Notice}>`)}
      ${problem !== null && html`<${Failure} problem=${problem} />`}
      <${Drop} campaign=${c} full=${coupons.length >= c.maxCouponsPerBuyer} signedIn=${me.buyer !== null} claim=${claim} reload=${campaign.reload} />
      <${Share} left=${c.remaining} all=${c.quantity} label=${t('campaign.left', { count: c.remaining })} />
      <p class="muted small">${t('campaign.counts', { remaining: number(c.remaining), quantity: number(c.quantity) })}</p>
      <p class="muted small">${t('campaign.ends', { time: when(c.closesAt) })}</p>
      ${c.status !== 'NOT_OPEN' && html`<p class="small"><a href=${'/receipts/' + id}>${t('receipt.why')}</a></p>`}
    </div>
  </main>`;
}

function Drop({ campaign: c, full, signedIn, claim, reload }) {
  if (c.status === 'NOT_OPEN') {
    return html`<p class="big"><${Countdown} until=${c.opensAt} onEnd=${reload} /></p>
      <p class="muted">${t('campaign.opens', { time: when(c.opensAt) })}</p>`;
  }
  if (full) return html`<a class="button primary" href="/">${t('to-the-events')}</a>`;
  if (c.status !== 'OPEN') return html`<p><strong>${t('campaign.status.' + c.status)}</strong></p>`;
  return signedIn
    ? html`<${ActionButton} kind="primary" action=${claim}>${t('campaign.get')}</${ActionButton}>`
    : html`<a class="button primary" href=${loginPath()}>${t('campaign.sign-in')}</a>`;
}
