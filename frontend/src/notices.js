import { all, make, one } from './dom.js';

const ICONS = { info: 'info', success: 'circle-check', warning: 'triangle-alert', error: 'octagon-alert' };

/** Tell something at the foot of the page. With `act`, it stays until it is answered. */
export function tell(text, level = 'success', act = null) {
  const place = one('#toasts');
  const notice = make('div', { class: `notice ${level}` }, make('i', { class: `i i-${ICONS[level] ?? 'info'}` }), make('div', {}, text));
  if (act) {
    const button = make('button', { class: 'btn small quiet', type: 'button' }, act.text);
    button.addEventListener('click', () => {
      notice.remove();
      act.run();
    });
    notice.append(button);
  }
  place.append(notice);
  while (place.children.length > 3) place.firstElementChild.remove();
  if (!act) setTimeout(() => notice.remove(), level === 'error' ? 12000 : 6000);
  return notice;
}

document.addEventListener('notice', (event) => tell(event.detail.text, event.detail.level));

for (const left of all('[data-toast] .notice')) {
  one('#toasts').append(left);
  setTimeout(() => left.remove(), 8000);
}

document.addEventListener('htmx:sendError', (event) => {
  if (!event.target.closest('[data-autosave]')) tell(one('#toasts').dataset.failed, 'error');
});
document.addEventListener('htmx:responseError', (event) => {
  if (event.detail.xhr.status >= 500) tell(one('#toasts').dataset.broken, 'error');
});
