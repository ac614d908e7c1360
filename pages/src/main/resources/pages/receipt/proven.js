// What was proven and what was not, in three levels.
import { useState } from 'preact/hooks';
import { html } from '../html.js';
import { t, when } from '../i18n.js';
import { Notice } from '../parts.js';
import { contains } from './noted.js';

/** @param {{checked: any, isOwn: boolean}} props a receipt without problems */
export function Proven({ checked: { body, thumbprint, noted, isCompared }, isOwn }) {
  const [anchor, setAnchor] = useState('');
  const [keyId, setKeyId] = useState('');
  const rewritten = noted !== null && !noted.continued;
  return html`<section class="card stack" aria-labelledby="proven"><h2 id="proven" class="quiet-heading">${t('receipt.proven')}</h2>
    ${rewritten && html`<${Notice} kind="bad" role="alert">
      <p><strong>${t('receipt.rewritten', { number: noted.number, time: when(noted.at) })}</strong></p></${Notice}>`}
    <${Notice} kind="good"><p><strong>${t('receipt.level.self-consistent')}</strong> ${t('receipt.self-consistent')}</p></${Notice}>
    <${Level} level="signed" state=${signed(thumbprint, keyId)} values=${{ key: thumbprint ?? '' }}>
      <label class="field"><span>${t('receipt.key')}</span><input value=${keyId} spellcheck="false" autocomplete="off"
        onInput=${(event) => setKeyId(event.currentTarget.value)} /></label>
    </${Level}>
    <${Level} level="anchored" state=${anchored(body, anchor, noted, isOwn, isCompared)}
      values=${noted ? { number: noted.number, time: when(noted.at) } : {}}>
      <label class="field"><span>${t('receipt.anchor')}</span><input value=${anchor} spellcheck="false" autocomplete="off"
        placeholder="17:0f3a…" onInput=${(event) => setAnchor(event.currentTarget.value)} /></label>
    </${Level}>
    <h3 class="quiet-heading">${t('receipt.not-proven')}</h3>
    <ul class="small"><li>${t('receipt.not.refusals')}</li><li>${t('receipt.not.others')}</li><li>${t('receipt.not.sold-out')}</li></ul>
    <p class="muted small">${t('receipt.head')} <code class="hash">${body.head.number}:${body.head.seal}</code></p>
  </section>`;
}

/** @param {string | null} thumbprint @param {string} given */
function signed(thumbprint, given) {
  if (thumbprint === null) return 'unsigned';
  return given.trim() === '' ? 'open' : given.trim() === thumbprint ? 'yes' : 'no';
}

/** @param {any} body @param {string} given @param {any} noted @param {boolean} isOwn @param {boolean} isCompared */
function anchored(body, given, noted, isOwn, isCompared) {
  if (given.trim() !== '') return contains(body, given) ? 'yes' : 'no';
  if (!isOwn) return 'file';
  if (!isCompared) return 'failed';
  if (noted === null) return 'open';
  return noted.continued ? 'noted' : 'rewritten';
}

const KINDS = { yes: 'good', noted: 'good', open: 'info', file: 'info', failed: 'warning', rewritten: 'bad', no: 'bad', unsigned: 'warning' };

function Level({ level, state, values, children }) {
  return html`<${Notice} kind=${KINDS[state]}><p><strong>${t('receipt.level.' + level)}</strong>
    ${' '}<span class="hash">${t('receipt.state.' + level + '.' + state, values)}</span></p>${children}</${Notice}>`;
}
