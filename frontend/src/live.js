import htmx from 'htmx.org';
import { isBegun } from './begun.js';
import { all, one } from './dom.js';
import { tell } from './notices.js';

/* Live pages: /events sends ids only; what shows them is fetched again with the reader's own rights,
   unless somebody has begun to fill it in. */
const shown = () => new Set([...all('[data-live]').map((part) => part.dataset.live), ...(document.body.dataset.ids || '').split(/[\s,]+/).filter(Boolean)]);

function refetch(part) {
  if (!part.id) return;
  const itself = `#${CSS.escape(part.id)}`;
  htmx.ajax('GET', part.dataset.liveUrl || location.href, { source: part, target: part, select: itself, swap: 'outerHTML' });
}

/* What somebody did himself is no news to him: an event soon after his own act is not announced. */
const QUIET = 5000;
let acted = 0;
document.addEventListener('htmx:afterRequest', (event) => {
  const { requestConfig, elt } = event.detail;
  if (requestConfig && requestConfig.verb !== 'get' && !elt.closest('[data-autosave]')) acted = Date.now();
});

let told = null;
function announce() {
  if (told?.isConnected || Date.now() - acted < QUIET) return;
  const texts = one('#toasts').dataset;
  told = tell(texts.updated, 'info', { text: texts.show, run: () => location.reload() });
}

/* Between the question and the answer he may have begun. */
document.addEventListener('htmx:beforeSwap', (event) => {
  const { elt, target } = event.detail;
  if (elt !== target || !target.matches('[data-live]') || !isBegun(target)) return;
  event.detail.shouldSwap = false;
  announce();
});

function changed(id) {
  const parts = all(`[data-live="${CSS.escape(id)}"]`);
  const free = parts.filter((part) => !isBegun(part));
  free.forEach(refetch);
  if (free.length < parts.length || !parts.length) announce();
}

function listen() {
  const ids = [...shown()];
  if (!ids.length || !('EventSource' in window)) return;
  const source = new EventSource(`/events?ids=${encodeURIComponent(ids.join(','))}`);
  const heard = (event) => {
    for (const id of event.data.split(/[\s,]+/)) if (shown().has(id)) changed(id);
  };
  source.addEventListener('message', heard);
  source.addEventListener('changed', heard);
  return source;
}

/* A browser opens few connections to one place: only pages that are looked at listen, and look again when they are. */
let source = listen();
document.addEventListener('visibilitychange', () => {
  source?.close();
  if (document.hidden) return;
  source = listen();
  for (const part of all('[data-live-url]')) if (!isBegun(part)) refetch(part);
});
addEventListener('pagehide', () => source?.close());
