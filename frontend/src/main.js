import 'virtual:icons.css';
import './main.css';
import htmx from 'htmx.org';

window.htmx = htmx;
