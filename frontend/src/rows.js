import { all, on, one, ready } from './dom.js';

/* Tables people fill in. Rows are numbered in their names (`metrics.3.target`), in ids and in what is shown. */
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

export function addRow(sheet) {
  const last = lines(sheet).at(-1);
  const row = last.cloneNode(true);
  for (const radio of all('input[type=radio]', row)) radio.name += '-new';
  empty(row);
  last.after(row);
  renumber(sheet);
  return row;
}

/** Text of a spreadsheet as rows of cells; quoted cells may hold line breaks and doubled quotes. */
export function cells(text) {
  const rows = [[]];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted && sign === '"' && text[at + 1] === '"') at += 1, (cell += '"');
    else if (sign === '"' && (quoted || cell === '')) quoted = !quoted;
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
  one('summary', several).textContent = ticked.join('、') || several.dataset.several;
}

on('change', '[data-several] input', (_event, box) => sum(box.closest('[data-several]')));

function putSeveral(several, text) {
  const names = text.split(/[、,，;；\n]/).map((name) => name.trim());
  for (const box of all('input[type=checkbox]', several)) {
    box.checked = names.includes(box.parentElement.textContent.trim());
  }
  sum(several);
}

function put(cell, text) {
  const several = one('[data-several]', cell);
  if (several) return putSeveral(several, text);
  const field = one('select, textarea, input:not([type=hidden], [type=radio])', cell);
  const value = text.trim();
  if (!field) return putAnswer(cell, value);
  if (field.matches('select')) return putChoice(field, value);
  if (field.closest('[data-picker]')) one('input[type=hidden]', cell).value = '';
  field.value = value;
  if (field.value !== value) {
    field.type = 'text'; // a date the browser does not know stays as it was typed
    field.value = value;
  }
  field.dispatchEvent(new Event('input', { bubbles: true }));
}

function putChoice(select, text) {
  const found = [...select.options].find((option) => option.text.trim() === text || option.value === text);
  select.value = found ? found.value : '';
}

function putAnswer(cell, text) {
  const yes = /^(是|√|✓|y|yes|true|1)$/i.test(text);
  const no = /^(否|×|✗|n|no|false|0)$/i.test(text);
  const answer = yes ? 'true' : no ? 'false' : null;
  for (const radio of all('input[type=radio]', cell)) radio.checked = radio.value === answer;
}

on('paste', '[data-rows] tbody input, [data-rows] tbody textarea', (event, field) => {
  const text = event.clipboardData?.getData('text/plain') ?? '';
  const pasted = cells(text);
  if (pasted.length < 2 && (pasted[0]?.length ?? 0) < 2) return;
  event.preventDefault();
  const sheet = table(field);
  const row = lines(sheet).indexOf(field.closest('tr'));
  const column = all(ENTRY, field.closest('tr')).indexOf(field.closest('td'));
  pasted.forEach((values, down) => {
    const into = lines(sheet)[row + down] ?? addRow(sheet);
    const targets = all(ENTRY, into);
    values.forEach((value, right) => targets[column + right] && put(targets[column + right], value));
  });
  renumber(sheet);
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
