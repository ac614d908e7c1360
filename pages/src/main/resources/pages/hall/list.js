// The hall as a list: zone, row, seat. Everything that the map can do can be done here with a keyboard or a screen reader.
import { useEffect, useRef, useState } from 'preact/hooks';
import { html } from '../html.js';
import { t } from '../i18n.js';
import { FREE } from './sprites.js';

/** Keys that lead to another seat, as steps along the row and over the rows. */
const STEPS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param {{model: import('./model.js').HallModel, price: (seat: number) => string, toggle: (seat: number) => void, version: number}} props */
export function SeatsAsList({ model, toggle, price, version }) {
  const { plan } = model;
  const [zone, setZone] = useState(0);
  const zones = plan.zones.map(({ name, first, count }, at) => ({ at, name, free: countFree(model, first, count) }));
  return html`<div class="hall-list" data-version=${version}>
    <label class="field"><span>${t('hall.zone')}</span>
      <select value=${zone} onChange=${(event) => setZone(Number(event.currentTarget.value))}>
        ${zones.map(({ at, name, free }) => html`<option key=${at} value=${at} selected=${at === zone}>
          ${name} – ${t('sale.seats-left', { count: free })}</option>`)}
      </select></label>
    <p class="muted small" id="list-hint">${t('hall.list-hint')}</p>
    <${Rows} model=${model} zone=${zone} toggle=${toggle} price=${price} key=${zone} />
  </div>`;
}

function Rows({ model, zone, toggle, price }) {
  const { plan } = model;
  const { rows, first } = plan.zones[zone];
  const [current, setCurrent] = useState(() => firstFree(model, zone) ?? first);
  const list = useRef(/** @type {HTMLElement | null} */ (null));
  useEffect(() => () => model.focusOn(-1), []);

  const move = (/** @type {KeyboardEvent} */ event) => {
    const step = STEPS[event.key];
    if (!step) return;
    event.preventDefault();
    const next = neighbour(plan, rows, current, step);
    setCurrent(next);
    /** @type {HTMLElement | null | undefined} */ (list.current?.querySelector(`[data-seat="${next}"]`))?.focus();
  };

  return html`<div class="rows" ref=${list} role="group" aria-label=${plan.zones[zone].name} aria-describedby="list-hint" onKeyDown=${move}
    onFocusOut=${() => model.focusOn(-1)}>
    ${rows.map((row) => html`<div class="row" key=${row.first} role="group" aria-label=${t('hall.row', { row: row.number })}>
      <span class="row-name" aria-hidden="true">${row.number}</span>
      <span class="row-seats">${Array.from({ length: row.count }, (_, at) => {
        const seat = row.first + at;
        const free = model.states[seat] === FREE;
        const chosen = model.chosen.has(seat);
        return html`<button type="button" key=${seat} data-seat=${seat} data-label=${plan.labels[seat]} class=${`seat s${model.states[seat]}`}
          tabindex=${seat === current ? 0 : -1} aria-pressed=${chosen} aria-disabled=${!free && !chosen}
          aria-label=${t(`hall.seat.${chosen ? 'chosen' : stateName(model.states[seat])}`, {
            ...model.place(seat), category: plan.categories[plan.category[seat]].name, price: price(seat) })}
          onFocus=${() => { setCurrent(seat); model.focusOn(seat); }} onClick=${() => toggle(seat)}>
          ${chosen ? '✓' : free ? plan.numbers[seat] : model.states[seat] === 1 ? '◇' : '×'}</button>`;
      })}</span>
    </div>`)}
  </div>`;
}

/** @param {number} state */
export function stateName(state) {
  return ['free', 'held', 'taken', 'blocked'][state];
}

function countFree(model, first, count) {
  let free = 0;
  for (let seat = first; seat < first + count; seat++) if (model.states[seat] === FREE) free += 1;
  return free;
}

function firstFree(model, zone) {
  const { first, count } = model.plan.zones[zone];
  for (let seat = first; seat < first + count; seat++) if (model.states[seat] === FREE) return seat;
  return null;
}

/** The next seat in the row, or the one nearest above or below. */
function neighbour(plan, rows, seat, [along, over]) {
  const at = rows.findIndex((row) => seat >= row.first && seat < row.first + row.count);
  const row = rows[at];
  if (over === 0) return Math.min(row.first + row.count - 1, Math.max(row.first, seat + along));
  let next = at + over;
  while (next >= 0 && next < rows.length && rows[next].count === 0) next += over;
  if (next < 0 || next >= rows.length) return seat;
  const target = rows[next];
  let best = target.first;
  for (let other = target.first; other < target.first + target.count; other++) {
    if (Math.abs(plan.x[other] - plan.x[seat]) < Math.abs(plan.x[best] - plan.x[seat])) best = other;
  }
  return best;
}
