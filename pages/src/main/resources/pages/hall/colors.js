// Colours of the map. Those of a plan are only taken as #rrggbb, and are changed until they stand out from the background.

const CONTRAST_MIN = 3;
const STEP = 0.06;

/** @typedef {{background: string, ink: string, muted: string, line: string, accent: string, forced: boolean}} Theme */

/** @param {Element} element @returns {Theme} */
export function themeOf(element) {
  const style = getComputedStyle(element);
  const named = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const forced = matchMedia('(forced-colors: active)').matches;
  return {
    background: named('--map'), ink: named('--ink'), muted: named('--muted'), line: named('--line-strong'),
    accent: named('--accent'), forced,
  };
}

/**
 * @param {string} color of a category in a plan
 * @param {Theme} theme
 */
export function readable(color, theme) {
  const background = rgb(theme.background) ?? [255, 255, 255];
  let mixed = /^#[0-9a-f]{6}$/i.test(color) ? rgb(color) ?? [90, 90, 90] : [90, 90, 90];
  const target = luminance(background) > 0.4 ? [0, 0, 0] : [255, 255, 255];
  for (let step = 0; step < 16 && contrast(mixed, background) < CONTRAST_MIN; step++) {
    mixed = mixed.map((part, at) => part + (target[at] - part) * STEP * 2);
  }
  return hex(mixed);
}

/** Black or white, whichever can be read on the colour. @param {string} color */
export function textOn(color) {
  const [red, green, blue] = rgb(color) ?? [0, 0, 0];
  return luminance([red, green, blue]) > 0.3 ? '#000000' : '#ffffff';
}

/** @param {string} text @returns {number[] | null} */
function rgb(text) {
  const match = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  return match ? match.slice(1).map((part) => parseInt(part, 16)) : null;
}

/** @param {number[]} parts */
function hex(parts) {
  return '#' + parts.map((part) => Math.round(part).toString(16).padStart(2, '0')).join('');
}

/** Relative luminance of WCAG 2.2. @param {number[]} parts */
function luminance(parts) {
  const [red, green, blue] = parts.map((part) => {
    const share = part / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** @param {number[]} a @param {number[]} b */
function contrast(a, b) {
  const [dark, light] = [luminance(a), luminance(b)].sort((x, y) => x - y);
  return (light + 0.05) / (dark + 0.05);
}
