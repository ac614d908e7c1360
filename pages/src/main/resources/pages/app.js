// Frame and routes of the pages.
import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { html } from './html.js';
import { LANGUAGES, chooseLanguage, language, loadTexts, t } from './i18n.js';
import { Loading, NotFound } from './parts.js';
import { changed, loadMe, loginPath, navigate, signOut, useMe, usePath } from './session.js';
import { Campaign } from './views/campaign.js';
import { Checkout } from './views/checkout.js';
import { Login } from './views/login.js';
import { Queue } from './views/queue.js';
import { Sale } from './views/sale.js';
import { Sales } from './views/sales.js';
import { Tickets } from './views/tickets.js';

/** @type {[RegExp, any][]} the server has the same list */
const ROUTES = [
  [/^\/$/, Sales],
  [/^\/login$/, Login],
  [/^\/tickets$/, Tickets],
  [/^\/sales\/([\w-]{1,64})$/, Sale],
  [/^\/sales\/([\w-]{1,64})\/queue$/, Queue],
  [/^\/sales\/([\w-]{1,64})\/seats$/, later(() => import('./views/hall.js').then(({ Hall }) => Hall))],
  [/^\/reservations\/([\w-]{1,64})$/, Checkout],
  [/^\/reservations\/([\w-]{1,64})\/tickets$/, later(() => import('./views/printed.js').then(({ Printed }) => Printed))],
  [/^\/campaigns\/([\w-]{1,64})$/, Campaign],
  [/^\/receipts\/([\w-]{1,64})$/, later(() => import('./receipt/page.js').then(({ Receipt }) => Receipt))],
];

/** A page whose scripts are loaded when it is opened. @param {() => Promise<any>} load */
function later(load) {
  let page = /** @type {any} */ (null);
  return function Later(props) {
    const [, loaded] = useState(page !== null);
    useEffect(() => {
      if (page === null) void load().then((found) => loaded((page = found) !== null));
    }, []);
    return page === null ? html`<main class="page" id="main"><${Loading} /></main>` : html`<${page} ...${props} />`;
  };
}

function App() {
  const path = usePath();
  useEffect(() => {
    document.addEventListener('click', followLink);
    return () => document.removeEventListener('click', followLink);
  }, []);
  for (const [route, page] of ROUTES) {
    const match = route.exec(path);
    if (match) return html`<${Frame} path=${path}><${page} key=${path} id=${match[1]} /></${Frame}>`;
  }
  return html`<${Frame} path=${path}><${NotFound} /></${Frame}>`;
}

/** Links within the pages keep the document, and what it knows. @param {MouseEvent} event */
function followLink(event) {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  const link = /** @type {HTMLElement} */ (event.target).closest('a');
  if (!link || link.target || link.origin !== location.origin || link.hash) return;
  if (!ROUTES.some(([route]) => route.test(link.pathname))) return;
  event.preventDefault();
  navigate(link.pathname + link.search);
}

function Frame({ path, children }) {
  const me = useMe();
  const current = (/** @type {string} */ to) => (path === to ? 'page' : undefined);
  return html`
    <a class="skip" href="#main">${t('skip')}</a>
    <header class="bar">
      <a class="brand" href="/">Onsale</a>
      <nav aria-label=${t('nav.label')}>
        <a href="/" aria-current=${current('/')}>${t('nav.events')}</a>
        <a href="/tickets" aria-current=${current('/tickets')}>${t('nav.tickets')}</a>
      </nav>
      <div class="who">
        <${LanguageChoice} />
        ${me.buyer === null
          ? html`<a href=${loginPath()}>${t('sign-in')}</a>`
          : html`<span class="name">${me.buyer}</span><button class="link" onClick=${leave}>${t('sign-out')}</button>`}
      </div>
    </header>
    ${children}`;
}

async function leave() {
  await signOut();
  navigate('/');
}

function LanguageChoice() {
  const [, chosen] = useState(language);
  const choose = async (event) => {
    await chooseLanguage(event.currentTarget.value);
    chosen(language);
    changed();
  };
  return html`<select class="language" aria-label=${t('nav.language')} value=${language} onChange=${choose}>
    ${Object.entries(LANGUAGES).map(([tag, name]) => html`<option value=${tag} lang=${tag} selected=${tag === language}>${name}</option>`)}
  </select>`;
}

async function start() {
  await Promise.all([loadTexts(), loadMe().catch(() => undefined)]);
  render(html`<${App} />`, /** @type {HTMLElement} */ (document.getElementById('app')));
}

void start();
