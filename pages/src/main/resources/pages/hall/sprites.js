// Pictures of seats, drawn once per size and copied from then on. Each state has a shape of its own: a free seat is a full circle,
// a held one an empty diamond, a taken one a cross, one not for sale a dot, a chosen one a square with a tick.
import { readable } from './colors.js';

export const FREE = 0;
export const HELD = 1;
export const TAKEN = 2;
export const BLOCKED = 3;
/** Kinds of pictures that do not depend on the category. */
const KINDS = 3;
const MARGIN = 1;

/** Letters of the seat map. An unknown one is not for sale. @param {string} letter */
export function stateOf(letter) {
  return letter === 'A' ? FREE : letter === 'H' ? HELD : letter === 'B' ? TAKEN : BLOCKED;
}

export class Sprites {
  /**
   * @param {{color: string}[]} categories
   * @param {import('./colors.js').Theme} theme
   * @param {number} size edge of a picture in device pixels
   */
  constructor(categories, theme, size) {
    this.size = size;
    this.cell = size + 2 * MARGIN;
    this.colors = categories.map(({ color }) => (theme.forced ? theme.ink : readable(color, theme)));
    this.theme = theme;
    this.canvas = document.createElement('canvas');
    this.canvas.width = this.cell * (KINDS + 3 * Math.max(1, categories.length));
    this.canvas.height = this.cell;
    const context = /** @type {CanvasRenderingContext2D} */ (this.canvas.getContext('2d'));
    this.paint(context, 0, held);
    this.paint(context, 1, taken);
    this.paint(context, 2, blocked);
    this.colors.forEach((color, at) => {
      this.paint(context, KINDS + 3 * at, free, color);
      this.paint(context, KINDS + 3 * at + 1, dimmed, color);
      this.paint(context, KINDS + 3 * at + 2, chosen, color);
    });
  }

  /**
   * @param {CanvasRenderingContext2D} context
   * @param {number} column
   * @param {(context: CanvasRenderingContext2D, radius: number, theme: any, color: string) => void} shape
   * @param {string} [color]
   */
  paint(context, column, shape, color = '') {
    context.save();
    context.translate((column + 0.5) * this.cell, this.cell / 2);
    shape(context, this.size / 2, this.theme, color);
    context.restore();
  }

  /** @param {number} state @param {number} category @param {boolean} selected @param {boolean} dim */
  column(state, category, selected, dim) {
    if (selected) return KINDS + 3 * category + 2;
    if (state === FREE) return KINDS + 3 * category + (dim ? 1 : 0);
    return state - 1;
  }

  /** Copies one picture to the middle of x, y. */
  draw(context, column, x, y, edge) {
    const wide = (edge * this.cell) / this.size;
    context.drawImage(this.canvas, column * this.cell, 0, this.cell, this.cell, x - wide / 2, y - wide / 2, wide, wide);
  }
}

function free(context, radius, theme, color) {
  circle(context, radius * 0.92);
  context.fillStyle = color;
  context.fill();
}

function dimmed(context, radius, theme, color) {
  circle(context, radius * 0.5);
  context.strokeStyle = color;
  context.lineWidth = Math.max(0.75, radius * 0.12);
  context.globalAlpha = 0.6;
  context.stroke();
}

function held(context, radius, theme) {
  const reach = radius * 0.8;
  context.beginPath();
  context.moveTo(0, -reach);
  context.lineTo(reach, 0);
  context.lineTo(0, reach);
  context.lineTo(-reach, 0);
  context.closePath();
  context.strokeStyle = theme.muted;
  context.lineWidth = Math.max(0.75, radius * 0.18);
  context.stroke();
}

function taken(context, radius, theme) {
  const reach = radius * 0.5;
  context.beginPath();
  context.moveTo(-reach, -reach);
  context.lineTo(reach, reach);
  context.moveTo(reach, -reach);
  context.lineTo(-reach, reach);
  context.strokeStyle = theme.muted;
  context.lineWidth = Math.max(0.75, radius * 0.18);
  context.stroke();
}

function blocked(context, radius, theme) {
  circle(context, radius * 0.18);
  context.fillStyle = theme.line;
  context.fill();
}

function chosen(context, radius, theme, color) {
  const edge = radius * 0.96;
  context.beginPath();
  context.roundRect(-edge, -edge, 2 * edge, 2 * edge, radius * 0.35);
  context.fillStyle = theme.ink;
  context.fill();
  context.beginPath();
  context.moveTo(-radius * 0.45, radius * 0.02);
  context.lineTo(-radius * 0.1, radius * 0.38);
  context.lineTo(radius * 0.48, -radius * 0.36);
  context.strokeStyle = theme.background;
  context.lineWidth = Math.max(1, radius * 0.26);
  context.lineCap = 'round';
  context.lineJoin = 'round';
  context.stroke();
}

function circle(context, radius) {
  context.beginPath();
  context.arc(0, 0, radius, 0, 2 * Math.PI);
}

