import { all } from './dom.js';

/* What is left of the time is told anew each minute on a page that is looked at: the server counts it, by the calendar
   of whoever must act. Only the marks are exchanged, so that nobody who types is disturbed. */
const MINUTE = 60_000;
const keyOf = (mark) => mark.closest('a[href]')?.getAttribute('href') ?? mark.title.split(' · ').pop();

async function tellAnew() {
  const shown = all('.mark.due');
  if (document.hidden || !shown.length) return;
  const answer = await fetch(location.href).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const fresh = new Map(all('.mark.due', new DOMParser().parseFromString(await answer.text(), 'text/html')).map((mark) => [keyOf(mark), mark]));
  for (const mark of shown) {
    const now = fresh.get(keyOf(mark));
    if (now && now.outerHTML !== mark.outerHTML) mark.replaceWith(document.importNode(now, true));
  }
}

setInterval(tellAnew, MINUTE);
