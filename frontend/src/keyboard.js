import { all, isTyping, one } from './dom.js';

const ROWS = '[data-row], .rows > li, table.tbl tbody tr';
let waitsForPlace = 0;

const rowsInView = () => all(ROWS).filter((row) => row.offsetParent !== null && !row.closest('dialog'));

function move(step) {
  const rows = rowsInView();
  if (!rows.length) return;
  const now = rows.findIndex((row) => row.classList.contains('is-chosen'));
  const next = rows[Math.min(Math.max(now + step, 0), rows.length - 1)];
  for (const row of rows) row.classList.toggle('is-chosen', row === next);
  next.scrollIntoView({ block: 'nearest' });
  one('a[href], button', next)?.focus({ preventScroll: true });
}

function act() {
  const chosen = one('.is-chosen [data-act]') ?? one('[data-act]');
  chosen?.click();
}

function goTo(key) {
  one(`[data-go="${CSS.escape(key)}"]`)?.click();
}

function focusSearch(event) {
  const field = all('[data-search]').find((input) => input.offsetParent !== null);
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
}

document.addEventListener('keydown', (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (isTyping(event.target) || one('dialog[open]')) return;
  if (Date.now() < waitsForPlace) {
    waitsForPlace = 0;
    return goTo(event.key);
  }
  if (event.key === 'g') waitsForPlace = Date.now() + 1200;
  else if (event.key === '/') focusSearch(event);
  else if (event.key === 'j') move(1);
  else if (event.key === 'k') move(-1);
  else if (event.key === 'a') act();
  else if (event.key === '?') one('#help-dialog')?.showModal();
});
