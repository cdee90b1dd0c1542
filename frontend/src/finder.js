import { all, on, one } from './dom.js';

/* The search field of the bar: typing shows the first hits, arrows walk them, Enter opens one or, without one, all results. */
const timers = new WeakMap(); // by field: the timer that will ask, or the question that is open
const listOf = (input) => one('.finds', input.closest('form'));
const marked = (input) => one('[aria-selected=true]', listOf(input));

/** Nothing is asked any more, and no answer on its way counts. */
function quiet(input) {
  clearTimeout(timers.get(input));
  timers.delete(input);
}

function close(input) {
  quiet(input);
  listOf(input).hidden = true;
  input.setAttribute('aria-expanded', 'false');
  input.removeAttribute('aria-activedescendant');
}

/** What was chosen among the hits of another word is not meant any more. */
function unmark(input) {
  marked(input)?.setAttribute('aria-selected', 'false');
  input.removeAttribute('aria-activedescendant');
}

/** An answer counts only while it is the last one asked for: not behind another word, not after Escape. */
async function ask(input) {
  const list = listOf(input);
  const text = input.value.trim();
  if (!text) return close(input);
  const mine = {};
  timers.set(input, mine);
  const answer = await fetch(`${input.dataset.finder}?q=${encodeURIComponent(text)}`, { headers: { 'HX-Request': 'true' } }).catch(() => null);
  if (timers.get(input) !== mine || document.activeElement !== input) return;
  if (!answer?.ok) return close(input);
  const found = await answer.text();
  if (timers.get(input) !== mine) return;
  list.innerHTML = found;
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
  quiet(input);
  unmark(input);
  if (!event.isComposing) timers.set(input, setTimeout(() => ask(input), 180));
});
on('compositionstart', '[data-finder]', (_event, input) => quiet(input));
on('compositionend', '[data-finder]', (_event, input) => ask(input));
on('keydown', '[data-finder]', (event, input) => {
  if (event.isComposing || event.keyCode === 229) return; // 229: Safari ends a composition before it says so
  if (event.key === 'ArrowDown' && listOf(input).hidden) return void ask(input);
  if (event.key === 'Escape' && listOf(input).hidden) return quiet(input);
  if (listOf(input).hidden) return;
  if (event.key === 'ArrowDown') step(input, 1);
  else if (event.key === 'ArrowUp') step(input, -1);
  else if (event.key === 'Enter' && marked(input)) marked(input).click();
  else if (event.key === 'Escape') close(input);
  else return;
  event.preventDefault();
});
on('mousedown', '.finds [role=option]', (event) => event.preventDefault());
on('focusout', '[data-finder]', (_event, input) => close(input));
