import htmx from 'htmx.org';
import { all, isTyping, one } from './dom.js';
import { tell } from './notices.js';

/* Live pages: /events sends ids only; what shows them is fetched again with the reader's own rights,
   unless somebody is typing in it. */
const shown = () => new Set([...all('[data-live]').map((part) => part.dataset.live), ...(document.body.dataset.ids || '').split(/[\s,]+/).filter(Boolean)]);

function refetch(part) {
  if (!part.id) return;
  htmx.ajax('GET', part.dataset.liveUrl || location.href, { target: `#${CSS.escape(part.id)}`, select: `#${CSS.escape(part.id)}`, swap: 'outerHTML' });
}

/* What somebody did himself is no news to him: an event soon after his own act is not announced. */
const QUIET = 5000;
let acted = 0;
document.addEventListener('htmx:afterRequest', (event) => {
  const { requestConfig, elt } = event.detail;
  if (requestConfig && requestConfig.verb !== 'get' && !elt.closest('[data-autosave]')) acted = Date.now();
});

function changed(id) {
  const parts = all(`[data-live="${CSS.escape(id)}"]`);
  const busy = parts.filter((part) => part.contains(document.activeElement) && isTyping(document.activeElement));
  for (const part of parts) if (!busy.includes(part)) refetch(part);
  if ((!busy.length && parts.length) || Date.now() - acted < QUIET) return;
  const texts = one('#toasts').dataset;
  tell(texts.updated, 'info', { text: texts.show, run: () => location.reload() });
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
  for (const part of all('[data-live-url]')) refetch(part);
});
addEventListener('pagehide', () => source?.close());
