import { all, on, ready } from './dom.js';

/* The usual percentages as buttons beside a number, and the part of a weekly card that is asked only behind the plan. */
ready((root) => {
  for (const button of all('[data-sets]', root)) button.hidden = false;
});

on('click', '[data-sets]', (_event, button) => {
  const field = document.getElementById(button.dataset.sets);
  if (!field) return;
  field.value = button.dataset.value;
  field.dispatchEvent(new Event('input', { bubbles: true }));
});

on('input', '[data-planned]', (_event, field) => {
  const [asked] = all('[data-shortfall]', field.closest('fieldset') ?? field.parentElement);
  if (asked) asked.open = field.value !== '' && Number(field.value) < Number(field.dataset.planned);
});
