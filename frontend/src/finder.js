import { all, on, one } from './dom.js';

/* The search field of the bar: typing shows the first hits, arrows walk them, Enter opens one or, without one, all results. */
const timers = new WeakMap();
const listOf = (input) => one('.finds', input.closest('form'));
const marked = (input) => one('[aria-selected=true]', listOf(input));

function close(input) {
  listOf(input).hidden = true;
  input.setAttribute('aria-expanded', 'false');
  input.removeAttribute('aria-activedescendant');
}

async function ask(input) {
  const list = listOf(input);
  const text = input.value.trim();
  if (!text) return close(input);
  const answer = await fetch(`${input.dataset.finder}?q=${encodeURIComponent(text)}`, { headers: { 'HX-Request': 'true' } }).catch(() => null);
  if (!answer?.ok || input.value.trim() !== text || document.activeElement !== input) return;
  list.innerHTML = await answer.text();
  all('[role=option]', list).forEach((option, index) => (option.id = `${list.id}-${index}`));
  list.hidden = false;
  input.setAttribute('aria-expanded', 'true');
}

function step(input, by) {
  const options = all('[role=option]', listOf(input));
  const now = options.findIndex((option) => option.getAttribute('aria-selected') === 'true');
  const next = now < 0 ? (by > 0 ? 0 : options.length - 1) : (now + by + options.length) % options.length;
  options.forEach((option, at) => option.setAttribute('aria-selected', String(at === next)));
  if (!options[next]) return;
  input.setAttribute('aria-activedescendant', options[next].id);
  options[next].scrollIntoView({ block: 'nearest' });
}

on('input', '[data-finder]', (event, input) => {
  if (event.isComposing) return;
  clearTimeout(timers.get(input));
  timers.set(input, setTimeout(() => ask(input), 180));
});
on('compositionend', '[data-finder]', (_event, input) => ask(input));
on('keydown', '[data-finder]', (event, input) => {
  if (event.isComposing || listOf(input).hidden) return;
  if (event.key === 'ArrowDown') step(input, 1);
  else if (event.key === 'ArrowUp') step(input, -1);
  else if (event.key === 'Enter' && marked(input)) marked(input).click();
  else if (event.key === 'Escape') close(input);
  else return;
  event.preventDefault();
});
on('mousedown', '.finds [role=option]', (event) => event.preventDefault());
on('focusout', '[data-finder]', (_event, input) => close(input));
