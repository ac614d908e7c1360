// Draws a hall on a canvas. Far away: one bitmap of the whole hall. Nearer: tiles. Near enough for a few thousand seats: each seat
// from its picture, with its number. Only what has changed is drawn again, once a frame.
import { themeOf, textOn } from './colors.js';
import { Grid } from './grid.js';
import { FREE, Sprites } from './sprites.js';
import { Tiles } from './tiles.js';

const PADDING = 28;
/** So many seats are drawn one by one in every frame. */
const SINGLE_MAX = 2500;
const SEAT_PX_MAX = 40;
const NUMBER_PX_MIN = 17;
/** Pixels that a finger needs, WCAG 2.2 target size; below, a touch zooms in instead of choosing. */
const TARGET_PX = 12;
const TARGET_TOUCH_PX = 20;
const CLICK_MOVES_MAX = 6;
const SEAT_SHARE = 0.82;

export class SeatMap {
  /**
   * @param {HTMLCanvasElement} canvas
   * @param {import('./model.js').HallModel} model
   * @param {{onSeat: (seat: number) => void, onHover: (seat: number, x: number, y: number) => void}} told
   */
  constructor(canvas, model, told) {
    this.canvas = canvas;
    this.context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
    this.model = model;
    this.told = told;
    this.grid = new Grid(model.plan);
    this.frame = 0;
    this.scale = 1;
    this.x = 0;
    this.y = 0;
    this.touched = false;
    /** @type {Map<number, {x: number, y: number}>} */
    this.pointers = new Map();
    this.moved = 0;
    this.ratio = 1;
    this.theme = themeOf(canvas);
    /** @type {Map<number, Sprites>} */
    this.sprites = new Map();
    this.tiles = this.newTiles();
    this.ended = new AbortController();
    const { signal } = this.ended;
    this.unlisten = model.listen((seats) => this.changed(seats));
    const observer = new ResizeObserver(() => this.resize());
    observer.observe(canvas);
    signal.addEventListener('abort', () => observer.disconnect());
    for (const query of ['(prefers-color-scheme: dark)', '(forced-colors: active)']) {
      matchMedia(query).addEventListener('change', () => this.readTheme(), { signal });
    }
    canvas.addEventListener('pointerdown', (event) => this.press(event), { signal });
    canvas.addEventListener('pointermove', (event) => this.move(event), { signal });
    canvas.addEventListener('pointerup', (event) => this.release(event), { signal });
    canvas.addEventListener('pointercancel', (event) => void this.pointers.delete(event.pointerId), { signal });
    canvas.addEventListener('pointerleave', () => this.told.onHover(-1, 0, 0), { signal });
    canvas.addEventListener('wheel', (event) => this.wheel(event), { signal, passive: false });
  }

  close() {
    this.ended.abort();
    this.unlisten();
    cancelAnimationFrame(this.frame);
  }

  readTheme() {
    this.theme = themeOf(this.canvas);
    this.sprites.clear();
    this.tiles = this.newTiles();
    this.redraw();
  }

  newTiles() {
    return new Tiles(this.model, this.grid, (edge) => this.spritesOf(edge), this.theme.background, SEAT_SHARE);
  }

  resize() {
    const { clientWidth, clientHeight } = this.canvas;
    this.ratio = Math.min(devicePixelRatio || 1, 2);
    this.canvas.width = Math.max(1, Math.round(clientWidth * this.ratio));
    this.canvas.height = Math.max(1, Math.round(clientHeight * this.ratio));
    if (this.touched) this.redraw();
    else this.fit();
  }

  fit() {
    const { box } = this.model.plan;
    const { clientWidth, clientHeight } = this.canvas;
    this.touched = false;
    this.scale = this.fitScale();
    this.x = clientWidth / 2 - ((box.left + box.right) / 2) * this.scale;
    this.y = clientHeight / 2 - ((box.top + box.bottom) / 2) * this.scale;
    this.redraw();
  }

  fitScale() {
    const { box, spacing } = this.model.plan;
    const wide = (this.canvas.clientWidth - 2 * PADDING) / (box.right - box.left + spacing);
    const high = (this.canvas.clientHeight - 2 * PADDING) / (box.bottom - box.top + spacing);
    return Math.max(0.001, Math.min(wide, high, SEAT_PX_MAX / spacing));
  }

  /** @param {number} factor @param {number} [x] @param {number} [y] what stays where it is, in pixels */
  zoom(factor, x = this.canvas.clientWidth / 2, y = this.canvas.clientHeight / 2) {
    const before = this.scale;
    const nearest = Math.max(this.fitScale(), SEAT_PX_MAX / this.model.plan.spacing);
    this.scale = Math.min(nearest, Math.max(this.fitScale() * 0.8, before * factor));
    this.x = x - ((x - this.x) * this.scale) / before;
    this.y = y - ((y - this.y) * this.scale) / before;
    this.touched = true;
    this.stay();
  }

  /** Keeps a part of the hall in sight. */
  stay() {
    const { box } = this.model.plan;
    const { clientWidth, clientHeight } = this.canvas;
    const margin = Math.min(clientWidth, clientHeight) / 3;
    this.x = Math.min(clientWidth - margin - box.left * this.scale, Math.max(margin - box.right * this.scale, this.x));
    this.y = Math.min(clientHeight - margin - box.top * this.scale, Math.max(margin - box.bottom * this.scale, this.y));
    this.redraw();
  }

  /** Moves a seat into sight, near enough to be seen. @param {number} seat */
  reveal(seat) {
    const { plan } = this.model;
    const { clientWidth, clientHeight } = this.canvas;
    const wanted = Math.max(this.scale, NUMBER_PX_MIN / (plan.spacing * SEAT_SHARE));
    const x = plan.x[seat] * wanted + this.x;
    const y = plan.y[seat] * wanted + this.y;
    const out = x < PADDING || y < PADDING || x > clientWidth - PADDING || y > clientHeight - PADDING;
    if (wanted === this.scale && !out) return this.redraw();
    this.scale = wanted;
    this.x = clientWidth / 2 - plan.x[seat] * wanted;
    this.y = clientHeight / 2 - plan.y[seat] * wanted;
    this.touched = true;
    return this.redraw();
  }

  /** @param {number[] | null} seats */
  changed(seats) {
    if (seats === null) this.tiles.clear();
    else seats.forEach((seat) => this.tiles.repaint(seat));
    this.redraw();
  }

  redraw() {
    if (this.frame === 0 && this.canvas.width > 1) {
      this.frame = requestAnimationFrame(() => {
        this.frame = 0;
        this.draw();
      });
    }
  }

  draw() {
    const { context, theme } = this;
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = theme.background;
    context.fillRect(0, 0, this.canvas.width, this.canvas.height);
    context.setTransform(this.ratio, 0, 0, this.ratio, 0, 0);
    const { plan } = this.model;
    const edge = plan.spacing * this.scale * SEAT_SHARE;
    const view = {
      left: -this.x / this.scale, top: -this.y / this.scale,
      right: (this.canvas.clientWidth - this.x) / this.scale, bottom: (this.canvas.clientHeight - this.y) / this.scale,
    };
    if (this.inSight(view) <= SINGLE_MAX) {
      this.drawSeats(view, edge);
    } else if (this.tiles.draw(context, view, this, this.fitScale() * this.ratio)) {
      this.redraw();
    }
    this.drawNames(edge);
    this.drawFocus(edge);
  }

  /** About how many seats are in the view: no more than are in its part of the hall. */
  inSight(view) {
    const { box, count } = this.model.plan;
    const share = (from, to, low, high) => Math.max(0, Math.min(to, high) - Math.max(from, low)) / Math.max(1, high - low);
    const part = share(view.left, view.right, box.left, box.right) * share(view.top, view.bottom, box.top, box.bottom);
    return part * count * 1.3;
  }

  drawSeats(view, edge) {
    const { plan, states, chosen, filter } = this.model;
    const sprites = this.spritesOf(edge * this.ratio);
    const numbers = edge >= NUMBER_PX_MIN;
    const { context } = this;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.font = `600 ${Math.round(edge * 0.42)}px system-ui, sans-serif`;
    this.grid.within(view.left - plan.spacing, view.top - plan.spacing, view.right + plan.spacing, view.bottom + plan.spacing, (seat) => {
      const x = plan.x[seat] * this.scale + this.x;
      const y = plan.y[seat] * this.scale + this.y;
      const selected = chosen.has(seat);
      const dim = filter >= 0 && plan.category[seat] !== filter;
      sprites.draw(context, sprites.column(states[seat], plan.category[seat], selected, dim), x, y, edge);
      if (numbers && !selected && !dim && states[seat] === FREE) {
        context.fillStyle = this.theme.forced ? this.theme.background : textOn(sprites.colors[plan.category[seat]]);
        context.fillText(plan.numbers[seat], x, y + edge * 0.03);
      }
    });
  }

  /** Names of the zones above them, and of the rows beside them when there is room. */
  drawNames(edge) {
    const { plan } = this.model;
    const { context } = this;
    context.fillStyle = this.theme.ink;
    context.textAlign = 'center';
    context.textBaseline = 'alphabetic';
    context.font = '600 13px system-ui, sans-serif';
    for (const { name, box, count } of plan.zones) {
      const wide = (box.right - box.left + plan.spacing) * this.scale;
      if (count > 0 && context.measureText(name).width <= Math.max(wide, 60)) {
        context.fillText(name, ((box.left + box.right) / 2) * this.scale + this.x, box.top * this.scale + this.y - edge / 2 - 7);
      }
    }
    if (edge < 11) return;
    context.fillStyle = this.theme.muted;
    context.textBaseline = 'middle';
    context.textAlign = 'right';
    context.font = '11px system-ui, sans-serif';
    for (const { number, first, count } of plan.rows) {
      if (count === 0) continue;
      const y = plan.y[first] * this.scale + this.y;
      if (y > -edge && y < this.canvas.clientHeight + edge) context.fillText(number, plan.x[first] * this.scale + this.x - edge * 0.75, y);
    }
  }

  drawFocus(edge) {
    const { plan, focus } = this.model;
    if (focus < 0) return;
    const { context } = this;
    context.beginPath();
    context.arc(plan.x[focus] * this.scale + this.x, plan.y[focus] * this.scale + this.y, Math.max(edge * 0.75, 8), 0, 2 * Math.PI);
    context.strokeStyle = this.theme.accent;
    context.lineWidth = 3;
    context.stroke();
  }

  /** Pictures of about this size: there are few sizes, and the copy scales the rest. @param {number} edge device pixels */
  spritesOf(edge) {
    const size = Math.max(3, Math.ceil(2 ** (Math.ceil(Math.log2(edge) * 4) / 4)));
    let sprites = this.sprites.get(size);
    if (!sprites) {
      sprites = new Sprites(this.model.plan.categories, this.theme, size);
      this.sprites.set(size, sprites);
    }
    return sprites;
  }

  /** @param {PointerEvent} event */
  press(event) {
    if (event.button !== 0) return;
    this.canvas.setPointerCapture(event.pointerId);
    if (this.pointers.size === 0) this.moved = 0;
    this.pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    this.told.onHover(-1, 0, 0);
  }

  /** @param {PointerEvent} event */
  move(event) {
    const before = this.pointers.get(event.pointerId);
    if (!before) {
      if (event.pointerType === 'mouse') this.hover(event);
      return;
    }
    const now = { x: event.offsetX, y: event.offsetY };
    const others = [...this.pointers].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
    this.moved += Math.hypot(now.x - before.x, now.y - before.y);
    this.pointers.set(event.pointerId, now);
    if (others.length === 1) {
      this.moved = Infinity;
      const [other] = others;
      const factor = Math.hypot(now.x - other.x, now.y - other.y) / Math.max(1, Math.hypot(before.x - other.x, before.y - other.y));
      this.x += (now.x - before.x) / 2;
      this.y += (now.y - before.y) / 2;
      this.zoom(factor, (now.x + other.x) / 2, (now.y + other.y) / 2);
    } else if (others.length === 0 && this.moved > CLICK_MOVES_MAX) {
      this.x += now.x - before.x;
      this.y += now.y - before.y;
      this.touched = true;
      this.stay();
    }
  }

  /** @param {PointerEvent} event */
  release(event) {
    if (!this.pointers.delete(event.pointerId) || this.moved > CLICK_MOVES_MAX) return;
    const target = event.pointerType === 'touch' ? TARGET_TOUCH_PX : TARGET_PX;
    if (this.model.plan.spacing * this.scale < target) {
      this.zoom((target * 1.6) / (this.model.plan.spacing * this.scale), event.offsetX, event.offsetY);
      return;
    }
    const seat = this.seatAt(event.offsetX, event.offsetY, target);
    if (seat >= 0) this.told.onSeat(seat);
  }

  /** @param {PointerEvent} event */
  hover(event) {
    const seat = this.seatAt(event.offsetX, event.offsetY, TARGET_PX);
    this.canvas.style.cursor = seat >= 0 && this.model.states[seat] === FREE ? 'pointer' : 'grab';
    this.told.onHover(seat, event.offsetX, event.offsetY);
  }

  /** @param {number} x @param {number} y @param {number} target */
  seatAt(x, y, target) {
    const reach = Math.max(this.model.plan.spacing * 0.6, target / this.scale / 2);
    return this.grid.nearest((x - this.x) / this.scale, (y - this.y) / this.scale, reach);
  }

  /** @param {WheelEvent} event */
  wheel(event) {
    event.preventDefault();
    const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    this.zoom(Math.exp(-event.deltaY * lines * (event.ctrlKey ? 0.01 : 0.0022)), event.offsetX, event.offsetY);
  }

  /** Where a seat is on the page. For tests. @param {string} label */
  pointOf(label) {
    const seat = this.model.byLabel.get(label) ?? -1;
    return { x: this.model.plan.x[seat] * this.scale + this.x, y: this.model.plan.y[seat] * this.scale + this.y };
  }
}
