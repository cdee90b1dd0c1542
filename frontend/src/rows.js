import { all, make, on, one, ready } from './dom.js';

/* Tables people fill in. Rows are numbered in their names (`metrics.3.target`), in ids and in what is shown. */
const CLOSED = /^"(?:[^"]|"")*"(?=[\t\r\n]|$)/;
const TOLD = 12;
const COMMA = document.documentElement.lang.startsWith('zh') ? '、' : ', ';
const ENTRY = 'td:not(.rowno, .rowacts)';
const table = (element) => element.closest('[data-rows]');
const lines = (sheet) => all('tbody > tr', sheet);

function prepare(root) {
  for (const hidden of all('[data-row-add], [data-paste-hint], [data-row-up], [data-row-remove]', root)) hidden.hidden = false;
}

function renumber(sheet) {
  const list = sheet.dataset.rows;
  const slug = `f-${list.replaceAll('.', '-')}`;
  const name = new RegExp(`^${list.replaceAll('.', '\\.')}\\.\\d+`);
  const id = new RegExp(`^${slug}-\\d+`);
  const answered = all('input[type=radio]:checked', sheet);
  lines(sheet).forEach((row, index) => {
    for (const element of [row, ...all('[id], [name], [for], [aria-controls]', row)]) {
      for (const attribute of ['id', 'for', 'aria-controls']) {
        const value = element.getAttribute(attribute);
        if (value) element.setAttribute(attribute, value.replace(id, `${slug}-${index}`));
      }
      if (element.name) element.name = element.name.replace(name, `${list}.${index}`);
    }
    const number = one('.rowno', row);
    if (number) number.firstChild.textContent = String(index + 1);
  });
  for (const radio of answered) radio.checked = true; // two rows bore one name for a moment
  sheet.dispatchEvent(new Event('rows', { bubbles: true }));
}

function empty(row) {
  for (const field of all('input, select, textarea', row)) {
    if (field.matches('[type=radio], [type=checkbox]')) field.checked = false;
    else field.value = '';
  }
  for (const said of all('.says, .preview', row)) said.textContent = '';
  all('[data-several]', row).forEach(sum);
  for (const cell of all('.has-error, .has-warning', row)) cell.classList.remove('has-error', 'has-warning');
}

/** Empty rows below the last, numbered once however many they are. */
function grow(sheet, count) {
  const last = lines(sheet).at(-1);
  const rows = Array.from({ length: count }, () => last.cloneNode(true));
  rows.forEach(empty);
  last.after(...rows);
  renumber(sheet);
}

function addRow(sheet) {
  grow(sheet, 1);
  return lines(sheet).at(-1);
}

/** As many rows as that, at least one. */
export function resize(sheet, count) {
  const rows = lines(sheet);
  const surplus = rows.slice(Math.max(count, 1));
  surplus.forEach((row) => row.remove());
  if (count > rows.length) grow(sheet, count - rows.length);
  else if (surplus.length) renumber(sheet);
}

/** Text of a spreadsheet as rows of cells; quoted cells may hold line breaks and doubled quotes. A quotation mark that
    nothing closes before the next tab or the end is only a sign. */
export function cells(text) {
  const rows = [[]];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted && sign === '"' && text[at + 1] === '"') at += 1, (cell += '"');
    else if (quoted && sign === '"') quoted = false;
    else if (sign === '"' && cell === '' && CLOSED.test(text.slice(at))) quoted = true;
    else if (!quoted && (sign === '\t' || sign === '\n')) {
      rows.at(-1).push(cell);
      cell = '';
      if (sign === '\n') rows.push([]);
    } else if (sign !== '\r') cell += sign;
  }
  rows.at(-1).push(cell);
  return rows.filter((row) => row.some((value) => value.trim() !== ''));
}

/** What is ticked stands in the summary. */
function sum(several) {
  const ticked = all('input:checked', several).map((box) => box.parentElement.textContent.trim());
  one('summary', several).textContent = ticked.join(COMMA) || several.dataset.several;
}

on('change', '[data-several] input', (_event, box) => sum(box.closest('[data-several]')));

/** Tick those that are named; answers with the names that stand for none. */
function putSeveral(several, text) {
  const names = text.split(/[、,，;；\n]/).map((name) => name.trim()).filter(Boolean);
  const known = new Set();
  for (const box of all('input[type=checkbox]', several)) {
    const name = box.parentElement.textContent.trim();
    known.add(name);
    box.checked = names.includes(name);
  }
  sum(several);
  return names.filter((name) => !known.has(name));
}

/** Put a text into a cell; answers with what found no place in it. */
function put(cell, text) {
  const several = one('[data-several]', cell);
  if (several) return putSeveral(several, text);
  const field = one('select, textarea, input:not([type=hidden], [type=radio])', cell);
  const value = text.trim();
  if (!field) return putAnswer(cell, value);
  if (field.matches('select')) putChoice(field, value);
  else putText(field, value, cell);
  return [];
}

function putText(field, value, cell) {
  if (field.closest('[data-picker]')) one('input[type=hidden]', cell).value = '';
  field.value = value;
  if (field.value !== value) {
    field.type = 'text'; // a date the browser does not know stays as it was typed
    field.value = value;
  }
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

/** A word that is none of the choices stays, as the server keeps it: the finding then says so. */
function putChoice(select, text) {
  const found = [...select.options].find((option) => option.text.trim() === text || option.value === text);
  if (!found && text) select.append(make('option', { value: text }, text));
  select.value = found ? found.value : text;
}

function putAnswer(cell, text) {
  const radios = all('input[type=radio]', cell);
  const yes = /^(是|√|✓|y|yes|true|1)$/i.test(text);
  const no = /^(否|×|✗|n|no|false|0)$/i.test(text);
  const answer = yes ? 'true' : no ? 'false' : null;
  for (const radio of radios) radio.checked = radio.value === answer;
  return radios.length && text && !answer ? [text] : [];
}

/** Where each pasted column goes: by the titles, if the first row holds them, else from the cell on. */
function aims(sheet, first, column) {
  const titles = all('thead th', sheet).slice(1, -1).map((title) => title.firstChild.textContent.trim());
  const named = first.map((value) => titles.indexOf(value.trim().replace(/\s*\*$/, '')));
  const hasTitles = first.every((value, index) => !value.trim() || named[index] >= 0);
  return { hasTitles, columns: hasTitles ? named : first.map((_value, right) => column + right) };
}

/** Say what found no place; the clipboard still has it. */
function say(sheet, left) {
  const place = one('[data-paste-left]', sheet);
  if (!place) return;
  const more = left.length > TOLD ? ' …' : '';
  const listed = make('span', {}, left.slice(0, TOLD).join(COMMA) + more);
  place.replaceChildren(...(left.length ? [make('p', { class: 'says warning' }, make('i', { class: 'i i-triangle-alert' }), make('span', {}, place.dataset.pasteLeft), listed)] : []));
}

on('paste', '[data-rows] tbody input, [data-rows] tbody textarea', (event, field) => {
  const text = event.clipboardData?.getData('text/plain') ?? '';
  const pasted = cells(text);
  if (pasted.length < 2 && (pasted[0]?.length ?? 0) < 2) return;
  event.preventDefault();
  const sheet = table(field);
  const start = lines(sheet).indexOf(field.closest('tr'));
  const column = all(ENTRY, field.closest('tr')).indexOf(field.closest('td'));
  const { hasTitles, columns } = aims(sheet, pasted[0], column);
  if (hasTitles) pasted.shift();
  const room = sheet.dataset.fixed ? lines(sheet).length : Math.max(Number(sheet.dataset.most), lines(sheet).length);
  const taken = pasted.slice(0, Math.max(room - start, 0));
  if (start + taken.length > lines(sheet).length) grow(sheet, start + taken.length - lines(sheet).length);
  const rows = lines(sheet);
  const left = taken.flatMap((values, down) => {
    const targets = all(ENTRY, rows[start + down]);
    return values.flatMap((value, right) => {
      const target = targets[columns[right] ?? column + right];
      return target ? put(target, value) : [value.trim()].filter(Boolean);
    });
  });
  renumber(sheet);
  say(sheet, [...left, ...pasted.slice(taken.length).map((values) => values.join(' ').trim())]);
});

on('click', '[data-row-add]', (_event, button) => {
  one('input:not([type=hidden]), textarea, select', addRow(table(button)))?.focus();
});

on('click', '[data-row-remove]', (_event, button) => {
  const sheet = table(button);
  const row = button.closest('tr');
  const neighbour = row.nextElementSibling ?? row.previousElementSibling;
  if (neighbour) row.remove();
  else empty(row), (one('.rowno input', row).value = '');
  renumber(sheet);
  one('input:not([type=hidden]), textarea, select', neighbour ?? row)?.focus();
});

on('click', '[data-row-up]', (_event, button) => {
  const row = button.closest('tr');
  row.previousElementSibling?.before(row);
  renumber(table(button));
  button.focus();
});

on('keydown', '[data-rows] tbody input, [data-rows] tbody textarea, [data-rows] tbody select', (event, field) => {
  if (!event.altKey || !['ArrowUp', 'ArrowDown'].includes(event.key)) return;
  event.preventDefault();
  const row = field.closest('tr');
  const next = event.key === 'ArrowUp' ? row.previousElementSibling : (row.nextElementSibling ?? addRow(table(field)));
  const column = all(ENTRY, row).indexOf(field.closest('td'));
  const cell = next && all(ENTRY, next)[column];
  if (cell) one('input:not([type=hidden]), textarea, select', cell)?.focus();
});

ready(prepare);
