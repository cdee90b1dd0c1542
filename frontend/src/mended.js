import { all } from './dom.js';

/* What was said of a field goes when the field is changed; the list beside the form says what is left. */
function forget(event) {
  const field = event.target;
  if (!(field instanceof Element) || !field.closest('[data-autosave]')) return;
  for (const place of [field.closest('td'), field.closest('.field')].filter(Boolean)) {
    place.classList.remove('has-error', 'has-warning');
    for (const said of all(':scope > .says', place)) said.remove();
  }
}

document.addEventListener('input', forget);
document.addEventListener('change', forget);
