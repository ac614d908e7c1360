// Sign in. Today only for development: any name will do.
import { useEffect, useState } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { Failure, Heading, Notice } from '../parts.js';
import { navigate, signIn, useMe } from '../session.js';

export function Login() {
  const me = useMe();
  const [problem, setProblem] = useState(/** @type {unknown} */ (null));
  const [busy, setBusy] = useState(false);
  useEffect(() => {
    if (me.buyer !== null) navigate(next(), true);
  }, [me.buyer]);

  const submit = async (/** @type {SubmitEvent} */ event) => {
    event.preventDefault();
    const form = new FormData(/** @type {HTMLFormElement} */ (event.currentTarget));
    setBusy(true);
    setProblem(null);
    try {
      await signIn(String(form.get('name')).trim(), form.get('operator') !== null);
    } catch (failure) {
      setProblem(failure);
    } finally {
      setBusy(false);
    }
  };

  return html`<main class="page narrow" id="main">
    <${Heading} title=${t('sign-in')} />
    ${me.login !== 'DEVELOPMENT' ? html`<${Notice} kind="warning">${t('login.none')}</${Notice}>` : html`
      <p class="muted">${t('login.development')}</p>
      ${problem !== null && html`<${Failure} problem=${problem} />`}
      <form class="card stack" onSubmit=${submit}>
        <label class="field"><span>${t('login.name')}</span>
          <input name="name" required maxlength="128" autocomplete="username" autocapitalize="none" spellcheck=${false}
            pattern="[A-Za-z0-9._:@\\|+\\-]+" aria-describedby="name-hint" />
        </label>
        <p class="muted small" id="name-hint">${t('login.name-hint')}</p>
        <label class="check"><input type="checkbox" name="operator" /> <span>${t('login.operator')}</span></label>
        <button class="primary" aria-busy=${busy}>${t('sign-in')}</button>
      </form>`}
  </main>`;
}

/** Where the viewer came from: a path of these pages, never another host. */
function next() {
  const path = new URLSearchParams(location.search).get('next') ?? '/';
  return /^\/(?![/\\])/.test(path) && new URL(path, location.origin).origin === location.origin ? path : '/';
}
