import { all, make, one, ready } from './dom.js';
import { tell } from './notices.js';
import { resize } from './rows.js';

/* Forms that save themselves. What is not yet on the server is kept in this browser, by address and revision.
   The server answers with the findings and names the new revision in the header X-Revision. */
const key = (form) => `bihuan.draft:${document.body.dataset.me}:${form.getAttribute('action')}`;
const read = (form) => JSON.parse(localStorage.getItem(key(form)) ?? 'null');
const values = (form) => [...new FormData(form)].filter(([name, value]) => typeof value === 'string' && name !== 'csrfmiddlewaretoken' && name !== 'revision');

function keep(form) {
  localStorage.setItem(key(form), JSON.stringify({ revision: form.dataset.revision, at: Date.now(), values: values(form) }));
}

const waiting = new WeakSet();

/** Once for all that is put into a form at one stroke, a thousand pasted cells too. */
function keepSoon(form) {
  if (waiting.has(form)) return;
  waiting.add(form);
  queueMicrotask(() => {
    waiting.delete(form);
    keep(form);
  });
}

function show(state, at = null) {
  const place = one('#saved');
  if (!place) return;
  place.dataset.state = state;
  one('span', place).textContent = state === 'saved' ? `${place.dataset.saved} ${at}` : place.dataset[state];
}

function settled(form, xhr) {
  const revision = xhr.getResponseHeader('X-Revision');
  if (revision) {
    form.dataset.revision = revision;
    for (const field of all('input[name=revision]', form)) field.value = revision;
  }
  if (form.dataset.sent === JSON.stringify(values(form))) localStorage.removeItem(key(form));
  else keep(form);
  show('saved', xhr.getResponseHeader('X-Saved-At') ?? '');
}

function failed(form, status) {
  keep(form);
  show(status === 409 ? 'stale' : 'unsaved');
}

/** A save is on its way: what is sent now would carry the revision before it. */
function after(form, event) {
  event.preventDefault();
  form.addEventListener('htmx:afterRequest', ({ detail }) => {
    if (detail.xhr.status >= 200 && detail.xhr.status < 400) setTimeout(() => form.requestSubmit(event.submitter));
  }, { once: true });
}

function put(form, kept) {
  const counts = new Map();
  for (const [name] of kept) {
    const list = /^(.+?)\.(\d+)\./.exec(name);
    if (list) counts.set(list[1], Math.max(counts.get(list[1]) ?? 0, Number(list[2]) + 1));
  }
  for (const sheet of all('[data-rows]:not([data-fixed])', form)) if (counts.has(sheet.dataset.rows)) resize(sheet, counts.get(sheet.dataset.rows));
  for (const [name, value] of kept) if (form.elements.namedItem(name)) set(form.elements.namedItem(name), value);
  const ticked = new Set(kept.map(([name, value]) => `${name}=${value}`));
  for (const box of all('input[type=checkbox]', form)) {
    box.checked = ticked.has(`${box.name}=${box.value}`);
    box.dispatchEvent(new Event('change', { bubbles: true }));
  }
  form.dispatchEvent(new Event('input', { bubbles: true }));
}

function set(field, value) {
  if (field instanceof HTMLInputElement && field.type === 'checkbox') return;
  field.value = value;
  if (field instanceof HTMLInputElement && field.value !== value) {
    field.type = 'text';
    field.value = value;
  }
}

function offer(form) {
  const kept = read(form);
  const place = one('#saved');
  if (!kept || !place || JSON.stringify(kept.values) === JSON.stringify(values(form))) return localStorage.removeItem(key(form));
  const notice = tell(place.dataset.restore, 'warning', { text: place.dataset.take, run: () => put(form, kept.values) });
  const drop = make('button', { class: 'btn small quiet', type: 'button' }, place.dataset.drop);
  drop.addEventListener('click', () => {
    localStorage.removeItem(key(form));
    notice.remove();
  });
  notice.append(drop);
}

ready((root) => {
  const forms = root instanceof Element && root.matches('[data-autosave]') ? [root] : all('[data-autosave]', root);
  for (const form of forms) {
    if (form.dataset.watched) continue;
    form.dataset.watched = 'yes';
    offer(form);
    form.addEventListener('input', () => keepSoon(form));
    form.addEventListener('rows', () => keepSoon(form));
    form.addEventListener('htmx:beforeRequest', (event) => {
      if (event.detail.elt !== form) return;
      if (form.dataset.leaving) return event.preventDefault();
      form.dataset.sent = JSON.stringify(values(form));
      form.dataset.saving = 'yes';
      show('saving');
    });
    form.addEventListener('htmx:afterRequest', (event) => {
      if (event.detail.elt !== form) return;
      delete form.dataset.saving;
      if (event.detail.xhr.status === 0) return;
      if (event.detail.xhr.status < 400) settled(form, event.detail.xhr);
      else failed(form, event.detail.xhr.status);
    });
    form.addEventListener('htmx:sendError', () => failed(form, 0));
    form.addEventListener('htmx:timeout', () => failed(form, 0));
    form.addEventListener('submit', (event) => {
      keep(form);
      if (form.dataset.saving) after(form, event);
      else form.dataset.leaving = 'yes';
    });
  }
});

window.addEventListener('pageshow', () => {
  for (const form of all('[data-autosave]')) delete form.dataset.leaving;
});

window.addEventListener('online', () => {
  for (const form of all('[data-autosave]')) if (one('#saved')?.dataset.state === 'unsaved') form.dispatchEvent(new Event('change', { bubbles: true }));
});
