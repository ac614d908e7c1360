// Words that more than one page has for what the API says.
import { hasText, money, t } from '../i18n.js';

/** @param {{percentOff: number | null, amountOff: any, minimumSpend: any}} discount */
export function discountOf(discount) {
  const worth = discount.percentOff ? t('discount.percent', { percent: discount.percentOff }) : money(discount.amountOff);
  return discount.minimumSpend ? t('discount.minimum', { worth, amount: money(discount.minimumSpend) }) : t('discount', { worth });
}

/** @param {{prices: Record<string, any>}} performance */
export function lowestPrice(performance) {
  return Object.values(performance.prices).sort((a, b) => a.minorUnits - b.minorUnits)[0];
}

/**
 * What a coupon takes off, as the server counts: a percentage is rounded down to the minor unit.
 * @param {any} discount
 * @param {{minorUnits: number, currency: string}} total
 * @returns {number | null} minor units, null if the coupon is not for this total
 */
export function discounted(discount, total) {
  const minimum = discount.minimumSpend;
  if (minimum && (minimum.currency !== total.currency || minimum.minorUnits > total.minorUnits)) return null;
  if (discount.percentOff) return Math.floor((total.minorUnits * discount.percentOff) / 100);
  if (discount.amountOff.currency !== total.currency) return null;
  return Math.min(discount.amountOff.minorUnits, total.minorUnits);
}

/** What became of a payment. @param {string | null} reason */
export function reasonOf(reason) {
  if (!reason) return '';
  const key = 'reason.' + reason.toUpperCase();
  return hasText(key) ? t(key) : t('reason.OTHER', { reason });
}
