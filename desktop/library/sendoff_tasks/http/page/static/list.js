// The list of tasks: the search with its chips, and the rows, of which only those in sight are drawn.

import { Component, html } from './preact.js';
import { Icon } from './icon.js';
import { act, addressOf, change, found, freeze, go, hold, mayAct, openFirst, showNewer, state, undo } from './live.js';
import { Link } from './link.js';
import { why, start } from './reasons.js';
import { COUNTED_ALONE, FILTERS, IN_ROW, actionsFor, canCancel, canRetry, countOf, filterOf, namedIn, retryWord, withFilter } from './search.js';
import { ICON, ago, atLeast, coming, exact, label, lookOf, number, say, stateWord, took } from './words.js';

const ROW = 34; // px, as in page.css
const TALL_ROW = 72; // px, on a narrow screen
const MARGIN = 12; // rows drawn beyond the edge
const narrow = matchMedia('(max-width:860px)');
let searchTimer = null;
let typing = ''; // a redraw takes none of it back, before it is searched or at its end

export function SearchBar() {
  const { at, total, isExact, isMore } = state;
  const chosen = namedIn(at.search);
  const actions = mayAct() && total ? actionsFor(at.search) : [];
  const shown = FILTERS.map((each, place) => ({ ...each, ...countedAs(each), isRare: place >= IN_ROW, isOn: each.name === chosen }))
    .filter(({ count, isOn }) => count || isOn);
  const typed = (event) => {
    clearTimeout(searchTimer);
    typing = event.target.value;
    searchTimer = setTimeout(() => {
      searchTimer = null;
      go({ search: typing.trim(), task: null }, { replace: true });
    }, 250);
  };
  return html`<div class="bar">
    <label class="f search" role="search"><${Icon} name="search" />
      <input id="query" type="search" placeholder=${label('search_in')} spellcheck="false"
        autocomplete="off" aria-label=${label('search')} value=${searchTimer || typing.trim() === at.search ? typing : at.search} onInput=${typed} /><span class="kbd">/</span></label>
    <div class="chips"><${Chip} title=${label('all')} ...${countedAs(null)} search=${withFilter(at.search, '')} isOn=${!chosen} />
      ${shown.map((each) => (!each.isRare || each.isOn || isMore) && html`<${Chip} key=${each.name} ...${each} search=${withFilter(at.search, each.name)} />`)}
      ${shown.some(({ isRare }) => isRare) && html`<button class="chip" aria-expanded=${Boolean(isMore)} onClick=${() => change({ isMore: !isMore })}>
        <span class="w">${label('more_filters')} ${isMore ? '◂' : '▾'}</span></button>`}</div>
    ${actions.map((action) => {
      const word = action === 'retry' ? retryWord(filterOf(at.search).state.split(',')) : say('action', action);
      return html`<button key=${action} class="b" onClick=${() => act(action, found(at.search, state.countedAt), word)}>
        <${Icon} name=${action === 'retry' ? 'rotate-cw' : 'ban'} />${word} ${atLeast(total, isExact)}</button>`;
    })}
  </div>`;
}

// How many tasks a filter has, or all of them; of the whole list it is told at once, above it too.
function countedAs(filter) {
  const { at, stats, counts, alone } = state;
  if (filter && COUNTED_ALONE.some(({ name }) => name === filter.name)) {
    return { count: alone[filter.name]?.total, isExact: alone[filter.name]?.total_is_exact };
  }
  const of = counts && !withFilter(at.search, '') ? stats ?? counts : counts;
  if (!of) return {};
  const count = filter ? countOf(of, filter.name) : Object.values(of.counts).reduce((sum, each) => sum + each, 0);
  return { count, isExact: of.is_exact ?? true };
}

function Chip({ title, icon, tone = '', count, isExact, search, isOn }) {
  return html`<button class=${`chip ${tone === 'failed' || tone === 'uncertain' ? tone : ''}`} aria-pressed=${isOn}
    onClick=${() => go({ search, task: null })}>${icon && html`<${Icon} name=${icon} tone=${tone} />`}
    <span class="w">${title}</span> <b>${count == null ? '' : atLeast(count, isExact)}</b></button>`;
}

export class List extends Component {
  constructor() {
    super();
    this.box = { current: null };
    this.isOver = false;
  }

  componentDidMount() {
    this.look();
  }

  componentDidUpdate() {
    this.look();
  }

  look() {
    const box = this.box.current;
    if (!box) return;
    freeze(this.isOver || box.scrollTop > 0 || box.contains(document.activeElement));
    const first = Math.max(0, Math.floor(box.scrollTop / height()) - MARGIN);
    const last = first + Math.ceil(box.clientHeight / height()) + 2 * MARGIN;
    if (first !== this.state.first || last !== this.state.last) this.setState({ first, last });
    hold(pageAt(last));
    hold(pageAt(first));
  }

  render() {
    const { pages, at, total, lostAt, refused } = state;
    const count = pages.reduce((sum, page) => sum + page.count, 0);
    const first = Math.min(this.state.first ?? 0, Math.max(0, count - 1));
    const last = Math.min(this.state.last ?? 60, count);
    const over = (isOver) => {
      this.isOver = isOver;
      this.look();
    };
    if (total === 0) return html`<${Empty} isSearch=${Boolean(at.search)} refused=${refused} />`;
    return html`<div class=${`list ${lostAt ? 'lost' : ''}`} tabindex="0" ref=${this.box}
        onScroll=${() => this.look()} onFocus=${() => this.look()} onBlur=${() => requestAnimationFrame(() => this.look())}
        onPointerEnter=${() => over(true)} onPointerLeave=${() => over(false)} aria-label=${label('tasks')}>
      ${state.newer > 0 && html`<div class="pill"><button onClick=${() => this.toTop()}>
        <${Icon} name="arrow-up" />${label('newer', { n: state.newer })}</button></div>`}
      <table class="tasks" role="table" aria-label=${label('tasks')} aria-rowcount=${total ?? -1}>
        <colgroup><col class="cs" /><col /><col class="cq" /><col class="cn" /><col class="cw" /><col class="ck" /></colgroup>
        <thead><tr><th>${label('state')}</th><th>${label('task')}</th><th class="q">${label('queue')}</th>
          <th class="n">${label('attempt')}</th><th class="w num">${label('when')}</th><th class="t num">${label('took')}</th></tr></thead>
        <tbody>
          ${first > 0 && html`<tr key="above" class="gap" style=${`height:${first * height()}px`}></tr>`}
          ${rowsBetween(first, last).map(([place, row]) => html`<${Row} key=${row?.id ?? `at${place}`} row=${row} place=${place}
            isChosen=${row?.id === at.task} when=${row && whenOf(row, state.now)}
            lasted=${row && took(row, state.now)} says=${row && brief(row, state.now)} />`)}
          ${last < count && html`<tr key="below" class="gap" style=${`height:${(count - last) * height()}px`}></tr>`}
        </tbody></table></div>`;
  }

  async toTop() {
    this.isOver = false;
    this.box.current.scrollTop = 0;
    document.activeElement.blur();
    await showNewer();
  }
}

const height = () => (narrow.matches ? TALL_ROW : ROW);

function pageAt(place) {
  let before = 0;
  for (let index = 0; index < state.pages.length; index += 1) {
    before += state.pages[index].count;
    if (place < before) return index;
  }
  return state.pages.length;
}

function rowsBetween(first, last) {
  const found = [];
  let before = 0;
  for (const page of state.pages) {
    for (let place = Math.max(first, before); place < Math.min(last, before + page.count); place += 1) {
      found.push([place, page.ids && state.rows.get(page.ids[place - before])]);
    }
    before += page.count;
  }
  return found;
}

class Row extends Component {
  shouldComponentUpdate(next) {
    const { row, isChosen, when, lasted, says, place } = this.props;
    return row !== next.row || says !== next.says || isChosen !== next.isChosen || when !== next.when || lasted !== next.lasted || place !== next.place;
  }

  render({ row, isChosen, when, lasted, says, place }) {
    if (!row) return html`<tr class="gap" style=${`height:${height()}px`}></tr>`;
    return html`<tr role="row" aria-selected=${isChosen} aria-rowindex=${place + 1}
      onClick=${(event) => event.target.closest('a') || go({ task: row.id })}>
      <td role="cell" class="s"><${State} state=${lookOf(row)} queue=${row.queue} /></td>
      <td role="cell" class="k"><${Link} class="plain el" tabindex="-1" href=${addressOf({ view: 'tasks', task: row.id })}
        to=${{ task: row.id }}><${Title} row=${row} says=${says} /><//> <span class=${`el why ${tone(row)}`}>${says}</span></td>
      <td role="cell" class="q">${row.queue}</td>
      <td role="cell" class="n">${row.attempt ? say('tries', 'of', { made: row.attempt, most: row.max_attempts }) : ''}</td>
      <td role="cell" class="w num" title=${exact(momentOf(row))}>${when}</td>
      <td role="cell" class="t num">${lasted}</td></tr>`;
  }
}

// The moment of a row: when it starts, has ended, or began.
const momentOf = (row) => (row.state === 'scheduled' && row.run_at) || (row.finished_at ?? row.started_at ?? row.created_at);
const whenOf = (row, now) => (row.state === 'scheduled' ? coming(momentOf(row), now).distance : ago(momentOf(row), now));

// Whom a row is for, or its title, and apart from it what that is about: on a phone the reason is between.
function Title({ row: { title, to }, says }) {
  const [name, ...about] = to ? [to, ...(says ? [] : [title])] : title.split(': ');
  return html`<span class="el">${name}</span>${about.length > 0 && html`<span class="el about"><span class="colon">: </span>${about.join(': ')}</span>`}`;
}

export function State({ state: name, queue }) {
  return html`<span class=${`st ${name}`}><${Icon} name=${ICON[name]} /><span>${stateWord(name, queue)}</span></span>`;
}

const tone = (row) => (row.state === 'failed' || row.state === 'uncertain' ? row.state : '');

function brief(row, now) {
  const { progress } = row;
  if (row.state === 'running' && progress) {
    const part = progress.total ? say('progress', 'share', { percent: Math.floor((100 * progress.done) / progress.total) }) : number(progress.done);
    return progress.text ? `${part} ${progress.text}` : part;
  }
  const said = row.state === 'succeeded' ? '' : briefly(row) ?? why(row, now);
  return [start(row, now), said].filter(Boolean).join(' · ');
}

// The error of a row; of a server's answer its words alone, without codes and the address.
function briefly({ error, reason_data: { said } }) {
  return (error && said?.replace(/<?[^\s<>]+@[^\s<>:]+>?:?\s*|^\d{3}[ -](\d\.\d{1,3}\.\d{1,3} )?/g, '').trim()) || error;
}

function Empty({ isSearch, refused }) {
  if (isSearch) {
    return html`<div class="list"><div class="empty"><${Icon} name="search" /><h2>${label('nothing_found')}</h2>
      ${refused && html`<p class="failed" role="alert">${refused}</p>`}<p><button class="b" onClick=${() => go({ search: '' })}>${label('show_all')}</button></p></div></div>`;
  }
  return html`<div class="list"><div class="empty"><${Icon} name="send" /><h2>${label('no_tasks')}</h2>
    <p class="soft">${label('how_to_add')}</p>
    <pre tabindex="0">@app.post("/orders")
def order(tasks: DurableTasks):
    tasks.add_task(send_confirmation_email, 4711)
    return {"ok": True}</pre></div></div>`;
}

/** The keys of the page; none while a person types. */
export function press(event) {
  const field = event.target.closest?.('input, textarea, select');
  if (event.key === 'Escape') return leave(field);
  if (field?.id === 'query' && ['ArrowDown', 'Enter'].includes(event.key)) return toFirst(event);
  if (event.key === 'z' && (event.ctrlKey || event.metaKey) && !field && state.undo) return undo();
  if (field || event.metaKey || event.ctrlKey || event.altKey) return null;
  const views = { 1: 'tasks', 2: 'causes', 3: 'queues', 4: 'schedules', 5: 'log' };
  if (event.key in views) return go({ view: views[event.key], task: null, cause: null });
  if (event.key === 'n' && state.functions?.length) return go({ view: 'run', task: null, cause: null });
  if (state.at.view !== 'tasks') return null;
  const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[event.key];
  if (step) {
    event.preventDefault();
    return move(step);
  }
  if (event.key === '/') {
    event.preventDefault();
    return document.getElementById('query').focus();
  }
  if (event.key === 'Enter' && state.at.task && !event.target.closest?.('a, button, summary, aside')) return document.querySelector('aside')?.focus();
  const row = state.detail;
  if (!row || row.missing || !mayAct()) return null;
  if (event.key === 'r' && canRetry(row)) return act('retry', { ids: [row.id] }, retryWord([row.state]));
  if (event.key === 'c' && canCancel(row)) return act('cancel', { ids: [row.id] });
  return null;
}

function leave(field) {
  if (state.at.view === 'run') return field?.blur(); // what is typed stays
  if (state.at.task) {
    go({ task: null });
    return requestAnimationFrame(() => setTimeout(() => document.querySelector('.list')?.focus({ preventScroll: true }))); // once it is drawn
  }
  if (state.at.search) return go({ search: '' });
  return field?.blur();
}

// From the search to the first task that it finds, also of what was typed just now.
function toFirst(event) {
  event.preventDefault();
  const search = event.target.value.trim();
  clearTimeout(searchTimer);
  searchTimer = null;
  document.querySelector('.list')?.focus();
  openFirst(search);
}

function move(step) {
  const ids = state.pages.flatMap((page) => page.ids ?? []);
  const place = ids.indexOf(state.at.task);
  const id = ids[place < 0 ? 0 : Math.max(0, Math.min(ids.length - 1, place + step))];
  if (id) go({ task: id }, { replace: Boolean(state.at.task) });
  document.querySelector('tr[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
}
