import { on } from './dom.js';

/* Whoever follows a notice has read it. The address is reached either way; nothing waits for the answer. */
const token = () => JSON.parse(document.body.getAttribute('hx-headers') || '{}')['X-CSRFToken'] ?? '';

function read(link) {
  const address = link.dataset.reads;
  link.removeAttribute('data-reads');
  fetch(address, { method: 'POST', headers: { 'X-CSRFToken': token() }, keepalive: true, redirect: 'manual' });
}

on('click', 'a[data-reads]', (event, link) => read(link));
on('auxclick', 'a[data-reads]', (event, link) => event.button === 1 && read(link));
