import { on } from './dom.js';

/* Fields of one line that wrap instead of hiding what is long. */
on('keydown', '[data-single]', (event) => {
  if (event.key === 'Enter' && !event.isComposing) event.preventDefault();
});
on('input', '[data-single]', (event, field) => {
  if (!event.isComposing && field.value.includes('\n')) field.value = field.value.replace(/\s*\n\s*/g, ' ');
});
