import { on, one } from './dom.js';

on('click', '[data-opens]', (event, button) => {
  const dialog = document.getElementById(button.dataset.opens);
  if (!dialog) return;
  event.preventDefault();
  dialog.showModal();
  one('[autofocus], textarea, input:not([type=hidden])', dialog)?.focus();
});

on('click', '[data-closes]', (_event, button) => button.closest('dialog')?.close());

on('click', 'dialog', (event, dialog) => {
  if (event.target === dialog) dialog.close();
});
