import { all, on } from './dom.js';

const ORDER = ['system', 'light', 'dark'];
const root = document.documentElement;
const chosen = () => root.dataset.theme || 'system';

function show() {
  for (const button of all('[data-theme-switch]')) {
    button.hidden = false;
    button.querySelector('span').textContent = button.dataset[chosen()];
  }
}

on('click', '[data-theme-switch]', () => {
  const next = ORDER[(ORDER.indexOf(chosen()) + 1) % ORDER.length];
  if (next === 'system') delete root.dataset.theme;
  else root.dataset.theme = next;
  const age = next === 'system' ? 0 : 31536000;
  document.cookie = `theme=${next}; path=/; max-age=${age}; samesite=lax${location.protocol === 'https:' ? '; secure' : ''}`;
  show();
});

show();
