// The tickets of one booking, to show on a phone or to print.
import { html } from '../html.js';
import { money, t, time, when } from '../i18n.js';
import { Failure, Heading, Loading, NotFound, Notice, SignInFirst, useResource } from '../parts.js';
import { useMe } from '../session.js';
import { usePlaces } from './seats.js';

const REFRESH_MS = 30_000;

export function Printed({ id }) {
  const me = useMe();
  const path = '/api/reservations/' + id + '/tickets';
  const tickets = useResource(me.buyer === null ? null : path, REFRESH_MS);
  const performanceId = tickets.value?.performanceId ?? null;
  const performance = useResource(performanceId && '/api/performances/' + performanceId);
  const places = usePlaces(performanceId);
  if (me.buyer === null) return html`<${SignInFirst} title=${t('ticket.title')} text=${t('tickets.sign-in')} />`;
  if (tickets.problem?.status === 404 || tickets.problem?.status === 400) return html`<${NotFound} />`;
  const p = performance.value;
  const items = tickets.value?.items;
  return html`<main class="page narrow" id="main">
    <${Heading} title=${t('ticket.title')} eyebrow=${p?.title}>${p && html`<p class="lead">${p.hall} · ${when(p.startsAt)}</p>`}</${Heading}>
    ${tickets.problem && !items && html`<${Failure} problem=${tickets.problem} again=${tickets.reload} />`}
    ${!items && !tickets.problem && html`<${Loading} />`}
    ${items?.length === 0 && html`<${Notice}><p>${t('ticket.none')}</p></${Notice}>`}
    ${items?.length > 0 && html`<p class="muted no-print">${t('ticket.how')}</p>
      <div class="actions no-print"><button class="primary" onClick=${() => print()}>${t('ticket.print')}</button></div>`}
    <ul class="printed">${items?.map((ticket) => html`<li key=${ticket.seat}>
      <${Ticket} ticket=${ticket} performance=${p} place=${places?.get(ticket.seat)} qrCode=${path + '/qr-code?seat=' + encodeURIComponent(ticket.seat)} /></li>`)}</ul>
    <p class="no-print actions"><a class="button quiet" href="/tickets">${t('nav.tickets')}</a></p>
  </main>`;
}

function Ticket({ ticket, performance: p, place, qrCode }) {
  return html`<article class=${'card pass' + (ticket.checkedInAt ? ' over' : '')}>
    <img src=${qrCode} width="240" height="240" alt=${t('ticket.code', { seat: ticket.seat })} />
    <div class="stack">
      <h2>${p?.title ?? '…'}</h2>
      ${p && html`<p>${p.hall}<br />${when(p.startsAt)}</p>`}
      ${place
        ? html`<dl class="place"><div><dt>${t('ticket.zone')}</dt><dd>${place.zone}</dd></div>
          <div><dt>${t('ticket.row')}</dt><dd>${place.row}</dd></div><div><dt>${t('ticket.seat')}</dt><dd>${place.seat}</dd></div></dl>`
        : html`<p class="big">${ticket.seat}</p>`}
      <p class="muted small">${ticket.category} · ${money(ticket.price)}</p>
      ${ticket.checkedInAt && html`<p><span class="pill over">${t('ticket.used', { time: time(ticket.checkedInAt) })}</span></p>`}
    </div>
  </article>`;
}
