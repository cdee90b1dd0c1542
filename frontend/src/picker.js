import { all, make, on, one, ready } from './dom.js';

/* Chooses a person or a department: typing asks the server, arrows and Enter choose, Escape leaves it. */
const timers = new WeakMap();
const parts = (input) => {
  const box = input.closest('[data-picker]');
  return { box, id: one('input[type=hidden]', box), list: one('.options', box) };
};

function prepare(root) {
  for (const input of all('[data-picker] input:not([type=hidden])', root)) {
    const { list } = parts(input);
    input.setAttribute('role', 'combobox');
    input.setAttribute('aria-autocomplete', 'list');
    input.setAttribute('aria-controls', list.id);
    input.setAttribute('aria-expanded', 'false');
  }
}

function close(input) {
  const { list } = parts(input);
  list.hidden = true;
  input.setAttribute('aria-expanded', 'false');
  input.removeAttribute('aria-activedescendant');
}

async function ask(input) {
  const { box, list } = parts(input);
  const text = input.value.trim();
  if (!box.dataset.picker || !text || document.activeElement !== input) return close(input);
  const answer = await fetch(`${box.dataset.picker}?q=${encodeURIComponent(text)}`, { headers: { 'HX-Request': 'true' } }).catch(() => null);
  if (!answer?.ok || input.value.trim() !== text || document.activeElement !== input) return;
  list.innerHTML = await answer.text();
  all('[role=option]', list).forEach((option, index) => (option.id = `${list.id}-${index}`));
  list.hidden = false;
  place(input, list);
  input.setAttribute('aria-expanded', 'true');
  mark(input, 0);
}

/** Fixed to the window, because a table of rows scrolls and would cut it off. */
function place(input, list) {
  const box = input.getBoundingClientRect();
  const above = innerHeight - box.bottom < 180 && box.top > innerHeight - box.bottom;
  const left = Math.max(8, Math.min(box.left, innerWidth - 232));
  list.style.left = `${left}px`;
  list.style.minWidth = `${Math.min(box.width, innerWidth - left - 8)}px`;
  list.style.maxWidth = `${innerWidth - left - 8}px`;
  list.style.top = above ? 'auto' : `${box.bottom + 2}px`;
  list.style.bottom = above ? `${innerHeight - box.top + 2}px` : 'auto';
}

function mark(input, index) {
  const { list } = parts(input);
  const options = all('[role=option]', list);
  options.forEach((option, at) => option.setAttribute('aria-selected', String(at === index)));
  if (!options[index]) return input.removeAttribute('aria-activedescendant');
  input.setAttribute('aria-activedescendant', options[index].id);
  options[index].scrollIntoView({ block: 'nearest' });
}

function step(input, by) {
  const options = all('[role=option]', parts(input).list);
  const now = options.findIndex((option) => option.getAttribute('aria-selected') === 'true');
  mark(input, (now + by + options.length) % options.length);
}

function choose(input, option) {
  const { id } = parts(input);
  input.value = option.dataset.text;
  id.value = option.dataset.id;
  close(input);
  id.dispatchEvent(new Event('change', { bubbles: true }));
}

on('input', '[data-picker] input:not([type=hidden])', (event, input) => {
  parts(input).id.value = '';
  if (event.isComposing) return;
  clearTimeout(timers.get(input));
  timers.set(input, setTimeout(() => ask(input), 150));
});
on('compositionend', '[data-picker] input:not([type=hidden])', (_event, input) => ask(input));

on('keydown', '[data-picker] input:not([type=hidden])', (event, input) => {
  const { list } = parts(input);
  if (event.isComposing) return;
  if (event.key === 'ArrowDown' && list.hidden) return void ask(input);
  if (list.hidden) return;
  const chosen = one('[aria-selected=true]', list);
  if (event.key === 'ArrowDown') step(input, 1);
  else if (event.key === 'ArrowUp') step(input, -1);
  else if (event.key === 'Enter' && chosen) choose(input, chosen);
  else if (event.key === 'Tab' && chosen) return choose(input, chosen);
  else if (event.key === 'Escape') close(input);
  else return;
  event.preventDefault();
});

on('mousedown', '[data-picker] [role=option]', (event, option) => {
  event.preventDefault();
  choose(one('input:not([type=hidden])', option.closest('[data-picker]')), option);
});
on('focusout', '[data-picker] input:not([type=hidden])', (_event, input) => close(input));

addEventListener(
  'scroll',
  (event) => {
    const active = document.activeElement?.closest?.('[data-picker]');
    if (active && !active.contains(event.target)) close(document.activeElement);
  },
  { capture: true, passive: true },
);

ready(prepare);
