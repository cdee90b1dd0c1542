import { all, ready } from './dom.js';

/** The present tab is in sight, also where the tabs are wider than the screen. */
ready((root) => {
  for (const tab of all('.tabs > [aria-current]', root)) {
    const tabs = tab.parentElement;
    tabs.scrollLeft = tab.offsetLeft - (tabs.clientWidth - tab.offsetWidth) / 2;
  }
});
