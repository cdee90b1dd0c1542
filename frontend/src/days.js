import { all, make, on, one, ready } from './dom.js';

/* A field for a day: what stands under it, what may be typed into it, and the button of its calendar. Without scripts
   it is a plain date field; here it is text, so that "3wd" or "第三个工作日" can be typed and is answered with its day. */
const DATES = 'input[data-date]';
const FIELDS = `${DATES}, input[type=datetime-local]`;
const DAY = /^\d{4}-\d{2}-\d{2}(T[\d:]+)?$/;
const holder = (input) => input.closest('.daybox') ?? input;

/** Whether it is a day there is: 2026-02-30 is none. */
function isDay(text) {
  const day = text.slice(0, 10);
  const instant = new Date(`${day}T00:00Z`);
  return DAY.test(text) && !Number.isNaN(instant.valueOf()) && instant.toISOString().startsWith(day);
}

function prepare(root) {
  for (const input of all(FIELDS, root)) {
    if (input.parentElement.matches('.daybox')) continue;
    if (input.matches(DATES)) [input.type, input.autocomplete] = ['text', 'off'];
    const picks = document.body.dataset.picks;
    const name = input.labels[0]?.textContent.trim() || input.getAttribute('aria-label') || '';
    const button = make('button', { class: 'pickday', type: 'button', 'aria-haspopup': 'dialog', 'aria-label': name ? `${picks}: ${name}` : picks }, make('i', { class: 'i i-calendar' }));
    const box = make('span', { class: 'daybox' });
    input.before(box);
    box.append(input, button);
  }
}

function hint(input) {
  const box = holder(input);
  if (box.nextElementSibling?.matches('output.dayhint')) return box.nextElementSibling;
  const said = make('output', { class: 'preview dayhint' });
  box.after(said);
  return said;
}

/** The department of the line decides by whose days it is counted. */
export function place(input) {
  const cell = input.closest('tr, .fieldgrid, form')?.querySelector('[data-picker*="departments"] input[type=hidden]');
  return cell?.value ? `&department=${encodeURIComponent(cell.value)}` : '';
}

export const ask = (address) => fetch(address, { headers: { 'HX-Request': 'true' } }).catch(() => null);

/** Give the field a day, as if it had been typed. */
export function put(input, day) {
  input.value = input.type === 'datetime-local' ? `${day}T${input.value.slice(11) || '18:00'}` : day;
  for (const event of ['input', 'change']) input.dispatchEvent(new Event(event, { bubbles: true }));
}

async function say(input) {
  const typed = input.value.trim();
  const said = hint(input);
  if (!typed) input.removeAttribute('aria-invalid');
  if (!typed) return said.replaceChildren();
  const isPlain = isDay(typed);
  const answer = await ask(`/calendar/day?${isPlain ? `day=${typed.slice(0, 10)}` : `said=${encodeURIComponent(typed)}`}${place(input)}`);
  if (!answer?.ok || input.value.trim() !== typed) return;
  const text = await answer.text();
  const isUnderstood = answer.headers.has('X-Day');
  if (isUnderstood) input.removeAttribute('aria-invalid');
  else input.setAttribute('aria-invalid', 'true');
  if (!isPlain && isUnderstood) {
    input.dataset.understood = answer.headers.get('X-Day');
    put(input, input.dataset.understood);
  }
  said.innerHTML = text;
}

/** What the field was given because it was understood is explained already. */
function changed(input) {
  if (input.dataset.understood === input.value) return;
  delete input.dataset.understood;
  say(input);
}

on('input', FIELDS, (_event, input) => input.value || say(input));
on('change', FIELDS, (_event, input) => changed(input));
/* The line is there before anything stands in it: nothing below moves away from under a click. */
on('focusin', FIELDS, (_event, input) => !hint(input).textContent && input.value && say(input));

/* A form that is sent before "3wd" was answered waits for the answer, once. */
addEventListener('submit', async (event) => {
  const form = event.target;
  const open = all(DATES, form).filter((input) => input.value && !isDay(input.value) && !input.matches('[aria-invalid]'));
  if (!open.length || form.dataset.awaited) return delete form.dataset.awaited;
  event.preventDefault();
  event.stopImmediatePropagation();
  await Promise.all(open.map(say));
  form.dataset.awaited = 'yes';
  form.requestSubmit(event.submitter);
}, { capture: true });

export const fieldOf = (button) => one(FIELDS, button.closest('.daybox')) ?? one('input', button.closest('.daybox'));

ready(prepare);
