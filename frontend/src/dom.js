export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
export const one = (selector, root = document) => root.querySelector(selector);

/** Listen on the document for events of elements that match, present or future. */
export function on(event, selector, handler) {
  document.addEventListener(event, (e) => {
    const found = e.target instanceof Element && e.target.closest(selector);
    if (found) handler(e, found);
  });
}

/** Run on what is on the page now and on whatever htmx brings in later. */
export function ready(action) {
  action(document);
  document.addEventListener('htmx:load', (e) => action(e.detail.elt));
}

export const isTyping = (element) =>
  element instanceof HTMLElement &&
  (element.matches('textarea, select, input:not([type=checkbox], [type=radio], [type=submit], [type=button])') ||
    element.isContentEditable);

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}
