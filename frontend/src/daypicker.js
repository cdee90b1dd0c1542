import { make, on, one } from './dom.js';
import { ask, fieldOf, place, put } from './days.js';
import { tell } from './notices.js';

/* The calendar of a field for a day, as the APG describes a date picker dialog. The server draws the months. */
const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };
let field = null;

const iso = (instant) => new Date(instant).toISOString().slice(0, 10);
const parts = (day) => day.split('-').map(Number);

function byDays(day, count) {
  const [year, month, date] = parts(day);
  return iso(Date.UTC(year, month - 1, date + count));
}

function byMonths(day, count) {
  const [year, month, date] = parts(day);
  const last = new Date(Date.UTC(year, month + count, 0)).getUTCDate();
  return iso(Date.UTC(year, month - 1 + count, Math.min(date, last)));
}

const weekday = (day) => (new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7;

function dialog() {
  const found = one('#daypicker') ?? make('dialog', { id: 'daypicker', class: 'dialog daypicker', 'aria-labelledby': 'daypicker-title' });
  if (!found.isConnected) document.body.append(found);
  return found;
}

async function show(day, focused) {
  const chosen = field.value.slice(0, 10);
  const answer = await ask(`/calendar/month?day=${day}&chosen=${encodeURIComponent(chosen)}${place(field)}`);
  if (!answer?.ok) return tell(one('#toasts').dataset.failed, 'error');
  const box = dialog();
  box.innerHTML = await answer.text();
  if (!box.open) open(box);
  one(focused, box)?.focus();
}

/** Beside its field where there is room; on the phone at the foot of the window. */
function open(box) {
  box.showModal();
  const near = field.getBoundingClientRect();
  const { width, height } = box.getBoundingClientRect();
  const isBelow = near.bottom + height + 8 < innerHeight || near.top < height;
  box.style.setProperty('--left', `${Math.max(8, Math.min(near.left, innerWidth - width - 8))}px`);
  box.style.setProperty('--top', `${Math.max(8, Math.min(isBelow ? near.bottom + 4 : near.top - height - 4, innerHeight - height - 8))}px`);
}

function go(day) {
  const box = dialog();
  const cell = one(`.daygrid td:not(.other) [data-day="${day}"]`, box);
  if (!cell) return show(day, '[tabindex="0"]');
  one('[tabindex="0"]', box)?.setAttribute('tabindex', '-1');
  cell.setAttribute('tabindex', '0');
  cell.focus();
}

function choose(day) {
  dialog().close();
  put(field, day);
  field.focus();
}

on('click', '.pickday', (_event, button) => {
  field = fieldOf(button);
  const typed = field.value.slice(0, 10);
  show(/^\d{4}-\d{2}-\d{2}$/.test(typed) ? typed : '', '[tabindex="0"]');
});

on('click', '#daypicker [data-day]', (_event, button) => choose(button.dataset.day));
on('click', '#daypicker [data-turns]', (_event, button) => {
  const day = one('[tabindex="0"]', dialog()).dataset.day;
  show(byMonths(day, Number(button.dataset.turns)), `[data-turns="${button.dataset.turns}"]`);
});

on('keydown', '#daypicker .daygrid', (event) => {
  const { day } = event.target.dataset;
  if (!day || event.ctrlKey || event.metaKey || event.altKey) return;
  const turn = event.shiftKey ? 12 : 1;
  if (STEPS[event.key]) go(byDays(day, STEPS[event.key]));
  else if (event.key === 'Home') go(byDays(day, -weekday(day)));
  else if (event.key === 'End') go(byDays(day, 6 - weekday(day)));
  else if (event.key === 'PageUp') go(byMonths(day, -turn));
  else if (event.key === 'PageDown') go(byMonths(day, turn));
  else return;
  event.preventDefault();
});
