import { on, one } from './dom.js';

const UNITS = { 万: 10000n, 亿: 100000000n, 千: 1000n };

/** "15万" → "¥150,000.00" in whole cents, or "" when it is no amount. */
export function yuan(text) {
  const plain = text.normalize('NFKC').replace(/[\s,¥元]/g, '');
  const found = /^(-?)(\d+)(?:\.(\d+))?([万亿千]?)$/.exec(plain);
  if (!found) return '';
  const [, sign, whole, part = '', unit] = found;
  const scaled = BigInt(whole + part.padEnd(8, '0').slice(0, 8)) * (UNITS[unit] ?? 1n);
  const cents = (scaled + 500000n) / 1000000n;
  const digits = String(cents).padStart(3, '0');
  const groups = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, ',');
  return `${sign}¥${groups}.${digits.slice(-2)}`;
}

on('input', '[data-money]', (_event, input) => {
  const preview = one('output', input.parentElement);
  if (preview) preview.textContent = yuan(input.value);
});
