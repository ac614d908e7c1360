// The hall as bitmaps: one of all of it, and tiles of a few scales. A change of a seat is painted into those that have it.

const TILE_PX = 256;
const TILES_MAX = 320;
/** Time of a frame for new tiles; the bitmap of the whole hall stands in for those that are missing. */
const BUDGET_MS = 7;
const OVERVIEW_BATCH = 4000;

export class Tiles {
  /**
   * @param {import('./model.js').HallModel} model
   * @param {import('./grid.js').Grid} grid
   * @param {(edge: number) => import('./sprites.js').Sprites} sprites for an edge in device pixels
   * @param {string} background
   * @param {number} share of the spacing that a seat fills
   */
  constructor(model, grid, sprites, background, share) {
    this.model = model;
    this.grid = grid;
    this.sprites = sprites;
    this.background = background;
    this.share = share;
    /** @type {Map<string, {canvas: HTMLCanvasElement, level: number, column: number, row: number}>} */
    this.tiles = new Map();
    this.overview = document.createElement('canvas');
    this.overviewScale = 0;
    this.painted = 0;
  }

  clear() {
    this.tiles.clear();
    this.painted = 0;
  }

  /**
   * @param {CanvasRenderingContext2D} context in CSS pixels
   * @param {{left: number, top: number, right: number, bottom: number}} view in units of the plan
   * @param {{scale: number, x: number, y: number, ratio: number}} camera
   * @param {number} fitScale device pixels per unit when the whole hall is in sight
   * @returns {boolean} whether something is missing yet
   */
  draw(context, view, camera, fitScale) {
    const begun = performance.now();
    const missing = this.paintOverview(fitScale, begun);
    const { box, spacing } = this.model.plan;
    const left = box.left - spacing;
    const top = box.top - spacing;
    if (this.overviewScale > 0) {
      const size = camera.scale / this.overviewScale;
      context.drawImage(this.overview, left * camera.scale + camera.x, top * camera.scale + camera.y,
        this.overview.width * size, this.overview.height * size);
    }
    const wanted = camera.scale * camera.ratio;
    if (missing || wanted <= this.overviewScale * 1.05) return missing;
    return this.drawTiles(context, view, camera, Math.ceil(Math.log2(wanted) * 2 - 0.01), begun);
  }

  drawTiles(context, view, camera, level, begun) {
    const scale = 2 ** (level / 2);
    const world = TILE_PX / scale;
    let missing = false;
    const { box, spacing } = this.model.plan;
    const first = (from, edge) => Math.floor(Math.max(from, edge - spacing) / world);
    const last = (to, edge) => Math.floor(Math.min(to, edge + spacing) / world);
    for (let row = first(view.top, box.top); row <= last(view.bottom, box.bottom); row++) {
      for (let column = first(view.left, box.left); column <= last(view.right, box.right); column++) {
        const key = `${level}/${column}/${row}`;
        let tile = this.tiles.get(key);
        if (!tile && performance.now() - begun < BUDGET_MS) tile = this.paintTile(key, level, column, row);
        if (tile) {
          // The newest at the end: the first is the one to forget.
          this.tiles.delete(key);
          this.tiles.set(key, tile);
          context.drawImage(tile.canvas, column * world * camera.scale + camera.x, row * world * camera.scale + camera.y,
            world * camera.scale, world * camera.scale);
        } else {
          missing = true;
        }
      }
    }
    return missing;
  }

  paintTile(key, level, column, row) {
    const canvas = document.createElement('canvas');
    canvas.width = TILE_PX;
    canvas.height = TILE_PX;
    const tile = { canvas, level, column, row };
    const world = TILE_PX / 2 ** (level / 2);
    this.paint(tile, column * world, row * world, (column + 1) * world, (row + 1) * world);
    this.tiles.set(key, tile);
    if (this.tiles.size > TILES_MAX) this.tiles.delete(this.tiles.keys().next().value ?? '');
    return tile;
  }

  /** Paints a part of a tile, given in units of the plan. */
  paint({ canvas, level, column, row }, left, top, right, bottom) {
    const { plan, states, chosen, filter } = this.model;
    const scale = 2 ** (level / 2);
    const originX = column * TILE_PX;
    const originY = row * TILE_PX;
    const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext('2d', { alpha: false }));
    context.save();
    context.beginPath();
    context.rect(left * scale - originX, top * scale - originY, (right - left) * scale, (bottom - top) * scale);
    context.clip();
    context.fillStyle = this.background;
    context.fillRect(0, 0, TILE_PX, TILE_PX);
    const edge = plan.spacing * scale * this.share;
    const sprites = this.sprites(edge);
    const margin = plan.spacing;
    this.grid.within(left - margin, top - margin, right + margin, bottom + margin, (seat) => {
      const dim = filter >= 0 && plan.category[seat] !== filter;
      sprites.draw(context, sprites.column(states[seat], plan.category[seat], chosen.has(seat), dim),
        plan.x[seat] * scale - originX, plan.y[seat] * scale - originY, edge);
    });
    context.restore();
  }

  /** @param {number} seat that has changed */
  repaint(seat) {
    const { plan } = this.model;
    const half = plan.spacing / 2;
    const [left, top, right, bottom] = [plan.x[seat] - half, plan.y[seat] - half, plan.x[seat] + half, plan.y[seat] + half];
    for (const tile of this.tiles.values()) {
      const world = TILE_PX / 2 ** (tile.level / 2);
      const outside = right < tile.column * world || left > (tile.column + 1) * world
        || bottom < tile.row * world || top > (tile.row + 1) * world;
      if (!outside) this.paint(tile, left, top, right, bottom);
    }
    if (seat < this.painted) this.paintInOverview(seat);
  }

  /** @param {number} fitScale @param {number} begun @returns {boolean} whether it is not complete yet */
  paintOverview(fitScale, begun) {
    const { plan } = this.model;
    const { box, spacing } = plan;
    if (this.overviewScale !== fitScale) {
      this.overviewScale = fitScale;
      this.overview.width = Math.ceil((box.right - box.left + 2 * spacing) * fitScale);
      this.overview.height = Math.ceil((box.bottom - box.top + 2 * spacing) * fitScale);
      this.painted = 0;
    }
    if (this.painted === 0) {
      const context = this.overviewContext();
      context.fillStyle = this.background;
      context.fillRect(0, 0, this.overview.width, this.overview.height);
    }
    while (this.painted < plan.count && performance.now() - begun < BUDGET_MS) {
      const end = Math.min(plan.count, this.painted + OVERVIEW_BATCH);
      for (let seat = this.painted; seat < end; seat++) this.paintInOverview(seat, false);
      this.painted = end;
    }
    return this.painted < plan.count;
  }

  /** @param {number} seat @param {boolean} [again] */
  paintInOverview(seat, again = true) {
    const { plan, states, chosen, filter } = this.model;
    const scale = this.overviewScale;
    const context = this.overviewContext();
    const edge = plan.spacing * scale * this.share;
    const x = (plan.x[seat] - plan.box.left + plan.spacing) * scale;
    const y = (plan.y[seat] - plan.box.top + plan.spacing) * scale;
    if (again) {
      const wide = plan.spacing * scale;
      context.fillStyle = this.background;
      context.fillRect(x - wide / 2, y - wide / 2, wide, wide);
    }
    const sprites = this.sprites(edge);
    const dim = filter >= 0 && plan.category[seat] !== filter;
    sprites.draw(context, sprites.column(states[seat], plan.category[seat], chosen.has(seat), dim), x, y, edge);
  }

  overviewContext() {
    return /** @type {CanvasRenderingContext2D} */ (this.overview.getContext('2d', { alpha: false }));
  }
}
