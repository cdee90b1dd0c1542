import { all, make, on, one, ready } from './dom.js';

/* A field for a day, or for a day and a time: what stands under it, what may be typed into it, and the button of its
   calendar. Without scripts the browser draws it; here it is text, so that "3wd" or "第三个工作日 17:00" can be typed and
   is answered with its day. */
const DATES = 'input[data-date]';
const INSTANTS = 'input[data-instant]';
const FIELDS = `${DATES}, ${INSTANTS}`;
const TIME = /[T ](\d{1,2}:\d{2}(:\d{2})?([+-]\d{2}:?\d{2}|Z)?)$/;
const DAY = new RegExp(`^\\d{4}-\\d{2}-\\d{2}(${TIME.source.slice(0, -1)})?$`);
const CLOSE = '18:00';
const holder = (input) => input.closest('.daybox') ?? input;

/** Whether it is a day there is: 2026-02-30 is none. */
function isDay(text) {
  const day = text.slice(0, 10);
  const instant = new Date(`${day}T00:00Z`);
  return DAY.test(text) && !Number.isNaN(instant.valueOf()) && instant.toISOString().startsWith(day);
}

/** Whether nothing is left to be understood: a day, with its time where one is asked for. */
function isWhole(input) {
  const typed = input.value.trim();
  return isDay(typed) && (!input.matches(INSTANTS) || TIME.test(typed));
}

function prepare(root) {
  for (const input of all(FIELDS, root)) {
    if (input.parentElement.matches('.daybox')) continue;
    [input.type, input.autocomplete] = ['text', 'off'];
    if (input.matches(INSTANTS)) input.value = input.value.replace('T', ' ');
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

/** Give the field a day, as if it had been typed; where it has a time, that one, else the one that stands there. */
export function put(input, day, time = TIME.exec(input.value)?.[1] ?? CLOSE) {
  input.value = input.matches(INSTANTS) ? `${day} ${time}` : day;
  for (const event of ['input', 'change']) input.dispatchEvent(new Event(event, { bubbles: true }));
}

async function say(input) {
  const typed = input.value.trim();
  const said = hint(input);
  if (!typed) input.removeAttribute('aria-invalid');
  if (!typed) return said.replaceChildren();
  const isTimed = input.matches(INSTANTS);
  const isPlain = isWhole(input);
  const asked = isPlain ? `day=${typed.slice(0, 10)}` : `said=${encodeURIComponent(typed)}${isTimed ? '&timed=1' : ''}`;
  const answer = await ask(`/calendar/day?${asked}${place(input)}`);
  if (!answer?.ok || input.value.trim() !== typed) return;
  const text = await answer.text();
  const isUnderstood = answer.headers.has('X-Day');
  if (isUnderstood) input.removeAttribute('aria-invalid');
  else input.setAttribute('aria-invalid', 'true');
  if (!isPlain && isUnderstood) {
    const [day, time] = [answer.headers.get('X-Day'), answer.headers.get('X-Time') ?? undefined];
    input.dataset.understood = isTimed ? `${day} ${time ?? CLOSE}` : day;
    put(input, day, time);
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
  const open = all(FIELDS, form).filter((input) => input.value && !isWhole(input) && !input.matches('[aria-invalid]'));
  if (!open.length || form.dataset.awaited) return delete form.dataset.awaited;
  event.preventDefault();
  event.stopImmediatePropagation();
  await Promise.all(open.map(say));
  form.dataset.awaited = 'yes';
  form.requestSubmit(event.submitter);
}, { capture: true });

export const fieldOf = (button) => one(FIELDS, button.closest('.daybox')) ?? one('input', button.closest('.daybox'));

ready(prepare);
