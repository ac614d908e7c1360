// Texts in the language of the viewer: one file per language, plural forms by Intl.

export const LANGUAGES = { en: 'English', de: 'Deutsch', ko: '한국어' };
const CHOICE = 'onsale.language';

/** @type {Record<string, string | Record<string, string>>} */
let texts = {};
export let language = 'en';
/** The viewer's own locale where it is of the language: en-GB writes dates in another way than en-US. */
export let locale = 'en';
let plurals = new Intl.PluralRules('en');

/** Loads the texts of the chosen language, else of the first one that the browser prefers. */
export async function loadTexts() {
  const chosen = localStorage.getItem(CHOICE);
  const preferred = [...(chosen ? [chosen] : []), ...navigator.languages];
  language = preferred.map((tag) => tag.split('-')[0]).find((tag) => tag in LANGUAGES) ?? 'en';
  locale = navigator.languages.find((tag) => tag.split('-')[0] === language) ?? language;
  plurals = new Intl.PluralRules(locale);
  const answer = await fetch(new URL(`texts/${language}.json`, import.meta.url));
  texts = await answer.json();
  document.documentElement.lang = language;
}

/** @param {string} chosen */
export async function chooseLanguage(chosen) {
  localStorage.setItem(CHOICE, chosen);
  await loadTexts();
}

/**
 * @param {string} key
 * @param {Record<string, string | number>} [values] what stands in braces; `count` chooses the plural form
 * @returns {string}
 */
export function t(key, values = {}) {
  const found = texts[key];
  const text = typeof found === 'object'
    ? found[plurals.select(Number(values.count))] ?? found.other
    : found ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === 'number' ? number(value) : value;
  });
}

/** Whether there is a text; codes of the API may be newer than these pages. @param {string} key */
export function hasText(key) {
  return key in texts;
}

/** @param {number} value */
export function number(value) {
  return new Intl.NumberFormat(locale).format(value);
}

/** @param {{minorUnits: number, currency: string}} amount */
export function money(amount) {
  const format = new Intl.NumberFormat(locale, { style: 'currency', currency: amount.currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(amount.minorUnits / 10 ** digits);
}

/**
 * @param {string} instant
 * @param {Intl.DateTimeFormatOptions} options
 */
export function date(instant, options) {
  return new Intl.DateTimeFormat(locale, options).format(new Date(instant));
}

/** Date and time with the name of the zone. @param {string} instant */
export function when(instant) {
  return date(instant, {
    weekday: 'short', day: 'numeric', month: 'long', year: 'numeric', hour: 'numeric', minute: '2-digit', timeZoneName: 'short',
  });
}

/** @param {string} instant */
export function time(instant) {
  return date(instant, { hour: 'numeric', minute: '2-digit', second: '2-digit' });
}

/** A length of time in full words, as in "5 minutes, 3 seconds". @param {number} milliseconds */
export function duration(milliseconds) {
  const seconds = Math.max(0, Math.ceil(milliseconds / 1000));
  /** @type {[number, string][]} */
  const units = [[86400, 'day'], [3600, 'hour'], [60, 'minute'], [1, 'second']];
  const first = units.findIndex(([size]) => seconds >= size);
  if (first < 0) return unit(0, 'second');
  let rest = seconds;
  return units.slice(first, first + 2).map(([size, name]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count > 0 ? unit(count, name) : '';
  }).filter((part) => part !== '').join(' ');
}

/** @param {number} count @param {string} name */
function unit(count, name) {
  return new Intl.NumberFormat(locale, { style: 'unit', unit: name, unitDisplay: 'long' }).format(count);
}
