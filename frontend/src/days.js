import { make, on } from './dom.js';

/* Under a field for a day: which weekday it is, whether it is worked, and which working day from today. */
const DAYS = 'input[type=date], input[type=datetime-local]';

async function say(input) {
  const day = input.value.slice(0, 10);
  const said = input.nextElementSibling?.matches('output.dayhint') ? input.nextElementSibling : make('output', { class: 'preview dayhint' });
  if (!said.isConnected) input.after(said);
  if (!day) return said.replaceChildren();
  const cell = input.closest('tr, .fieldgrid, form')?.querySelector('[data-picker*="departments"] input[type=hidden]');
  const department = cell?.value ? `&department=${encodeURIComponent(cell.value)}` : '';
  const answer = await fetch(`/calendar/day?day=${day}${department}`, { headers: { 'HX-Request': 'true' } }).catch(() => null);
  if (answer?.ok && input.value.startsWith(day)) said.innerHTML = await answer.text();
}

on('change', DAYS, (_event, input) => say(input));
on('focusin', DAYS, (_event, input) => input.value && say(input));
