// The buyer's receipt of one sale: what the sealed log says, checked here and now, and what that does not prove.
import { useEffect, useState } from 'preact/hooks';
import { html } from '../html.js';
import { date, hasText, number, t, when } from '../i18n.js';
import { Failure, Heading, Loading, NotFound, Notice, SignInFirst, useResource } from '../parts.js';
import { useMe } from '../session.js';
import { check } from './check.js';
import { answerOf, journeyOf } from './journey.js';
import { compare } from './noted.js';
import { Proven } from './proven.js';

const FILE_BYTES_MAX = 20_000_000;

export function Receipt({ id }) {
  const me = useMe();
  const [file, setFile] = useState(/** @type {{receipt: any} | null} */ (null));
  const own = useResource(me.buyer === null ? null : '/api/receipts/' + encodeURIComponent(id));
  const open = async (event) => {
    const [chosen] = event.currentTarget.files;
    if (!chosen) return;
    const text = chosen.size > FILE_BYTES_MAX ? '' : await chosen.text();
    try {
      setFile({ receipt: JSON.parse(text) });
    } catch {
      setFile({ receipt: null });
    }
  };
  if (me.buyer === null) return html`<${SignInFirst} title=${t('receipt.title')} text=${t('receipt.sign-in')} />`;
  const isUnknown = own.problem?.status === 404 || own.problem?.status === 400;
  if (isUnknown && !file) return html`<${NotFound} />`;
  const receipt = file ? file.receipt : own.value;
  return html`<main class="page narrow" id="main">
    <${Heading} title=${t('receipt.title')}><p class="lead">${t('receipt.lead')}</p></${Heading}>
    ${own.problem && !receipt && html`<${Failure} problem=${own.problem} again=${own.reload} />`}
    ${!own.value && !own.problem && html`<${Loading} />`}
    ${receipt !== undefined && html`<${Checked} receipt=${receipt} isOwn=${file === null} />`}
    <section class="card" aria-labelledby="files"><h2 id="files" class="quiet-heading">${t('receipt.files')}</h2>
      ${own.value && html`<p><button type="button" class="quiet" onClick=${() => save(own.value, id)}>${t('receipt.download')}</button></p>`}
      <label class="field"><span>${t('receipt.open')}</span><input type="file" accept="application/json,.json" onChange=${open} /></label>
      <p class="muted small">${t('receipt.offline')} <code>./onsale verify-receipt</code></p>
    </section>
  </main>`;
}

/** @param {any} receipt @param {string} id */
function save(receipt, id) {
  const url = URL.createObjectURL(new Blob([JSON.stringify(receipt)], { type: 'application/json' }));
  const link = document.createElement('a');
  link.href = url;
  link.download = `receipt-${id}.json`;
  link.click();
  URL.revokeObjectURL(url);
}

function Checked({ receipt, isOwn }) {
  const [found, setFound] = useState(/** @type {any} */ (null));
  useEffect(() => {
    let current = true;
    const look = async () => {
      if (!globalThis.crypto?.subtle) return { impossible: true };
      const checked = await check(receipt);
      if (checked.problems.length > 0 || !isOwn) return { ...checked, noted: null, isCompared: true };
      // A file may come from anywhere: only what this server says is compared and noted.
      const noted = await compare(checked.body.head).catch(() => undefined);
      return { ...checked, noted: noted ?? null, isCompared: noted !== undefined };
    };
    setFound(null);
    void look().then((result) => current && setFound(result));
    return () => void (current = false);
  }, [receipt, isOwn]);
  if (found === null) return html`<${Loading} />`;
  if (found.impossible) return html`<${Notice} kind="warning" role="alert"><p>${t('receipt.no-crypto')}</p></${Notice}>`;
  const { body, problems } = found;
  if (problems.length > 0) return html`<${Tampered} problems=${problems} />`;
  const answer = answerOf(body);
  return html`<div class="stack">
    <${Notice} kind=${answer.kind}><p>${t('receipt.answer.' + answer.key, shown(answer.values))}</p></${Notice}>
    ${!isOwn && html`<p class="muted">${t('receipt.of', { buyer: body.buyer, sale: body.saleKey })}</p>`}
    <${SoldOut} spans=${body.soldOut ?? []} />
    <${Journey} body=${body} />
    <${Proven} checked=${found} isOwn=${isOwn} />
  </div>`;
}

function Tampered({ problems }) {
  return html`<${Notice} kind="bad" role="alert">
    <p><strong>${t('receipt.tampered')}</strong></p>
    <ul>${problems.slice(0, 10).map(({ code, what }) => html`<li>${t('receipt.problem.' + code, { what })}</li>`)}</ul>
  </${Notice}>`;
}

function SoldOut({ spans }) {
  if (spans.length === 0) return null;
  return html`<section><h2 class="quiet-heading">${t('receipt.sold-out')}</h2>
    <ul>${spans.map((span) => html`<li>${span.until === null
      ? t('receipt.gone', { category: span.category, seats: span.seats, from: exact(span.from) })
      : t('receipt.gone-until', { category: span.category, seats: span.seats, from: exact(span.from), until: exact(span.until) })}</li>`)}</ul>
  </section>`;
}

function Journey({ body }) {
  const steps = journeyOf(body);
  return html`<section><h2 class="quiet-heading">${t('receipt.journey')}</h2>
    ${steps.length === 0 && html`<p>${t('receipt.nothing')}</p>`}
    <ol class="journey">${steps.map((step) => html`<li><time datetime=${step.at} class="muted small">${exact(step.at)}</time>
      ${' '}${wordsOf(step)}</li>`)}</ol>
    ${body.unproven.length > 0 && html`<p class="muted small">${t('receipt.unproven', { count: body.unproven.length })}</p>`}
    <p class="muted small">${t('receipt.as-of', { time: when(body.head.sealedAt) })}</p>
  </section>`;
}

/** Facts may be newer than these pages. @param {import('./journey.js').Step} step */
function wordsOf({ key, values }) {
  return hasText('receipt.step.' + key) ? t('receipt.step.' + key, shown(values)) : key;
}

/** Times to the millisecond: places in a stampede differ by less than a second. @param {string} instant */
function exact(instant) {
  return date(instant, { day: 'numeric', month: 'short', hour: 'numeric', minute: '2-digit', second: '2-digit', fractionalSecondDigits: 3 });
}

/** @param {Record<string, any>} values */
function shown(values) {
  return { ...values, ...(values.at ? { at: exact(values.at) } : {}), ...(typeof values.number === 'number' ? { number: number(values.number) } : {}) };
}
