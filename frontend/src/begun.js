import { all, isTyping, on, one } from './dom.js';

/* What somebody has begun to fill in is not exchanged under his hands. */
const begun = new WeakSet();

const begin = (event, field) => field.form && begun.add(field.form);
on('input', 'input, textarea, select', begin);
on('change', 'input, textarea, select', begin);
on('click', 'summary', (event, summary) => begun.add(summary.parentElement));

document.addEventListener('htmx:load', ({ detail: { elt } }) => {
  if (elt.matches('[data-live]') || !elt.closest('[data-live]')) return;
  for (const form of [elt, ...all('form', elt)]) begun.add(form);
});
document.addEventListener('htmx:afterRequest', ({ detail: { elt, successful, requestConfig } }) => {
  if (successful && requestConfig.verb !== 'get') begun.delete(elt.closest('form'));
});

const isOpened = (part) => begun.has(part) && one('form', part) !== null;

export const isBegun = (part) =>
  (part.contains(document.activeElement) && isTyping(document.activeElement)) ||
  all('form', part).some((form) => begun.has(form)) ||
  all('details[open]', part).some(isOpened);
