import 'virtual:icons.css';
import './main.css';
import htmx from 'htmx.org';
import './dialogs.js';
import './theme.js';
import './tabs.js';
import './notices.js';
import './keyboard.js';
import './picker.js';
import './finder.js';
import './rows.js';
import './single.js';
import './money.js';
import './percent.js';
import './autosave.js';
import './mended.js';
import './live.js';

window.htmx = htmx;
