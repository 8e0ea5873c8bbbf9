// The list of tasks: the search with its chips, and the rows, of which only those in sight are drawn.

import { Component, html } from './preact.js';
import { Icon } from './icon.js';
import { act, addressOf, found, freeze, go, hold, mayAct, showNewer, state } from './live.js';
import { Link } from './link.js';
import { STATES, actionFor, countOf, statesOf, withStates } from './search.js';
import { ICON, ago, atLeast, exact, label, number, say, stateWord, took } from './words.js';

const ROW = 34; // px, as in page.css
const TALL_ROW = 72; // px, on a narrow screen
const MARGIN = 12; // rows drawn beyond the edge
const narrow = matchMedia('(max-width:860px)');
let searchTimer = null;
let typing = ''; // a redraw takes none of it back, before it is searched or at its end

export function SearchBar() {
  const { at, counts, total, isExact } = state;
  const states = statesOf(at.search);
  const of = (names) => (counts ? countOf(counts, names) : 0);
  const areExact = counts?.is_exact ?? true;
  const all = counts && Object.values(counts.counts).reduce((sum, count) => sum + count, 0);
  const action = mayAct() && total ? actionFor(at.search) : null;
  const shown = STATES.filter((each) => of(each.states) || each.states === states);
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
    <div class="chips"><${Chip} name=${label('all')} count=${all} isExact=${areExact} search=${withStates(at.search, '')} isOn=${!states} />
      ${shown.map((each) => html`<${Chip} key=${each.name} ...${each} count=${of(each.states)} isExact=${areExact}
        search=${withStates(at.search, each.states)} isOn=${states === each.states} />`)}</div>
    ${action && html`<button class="b" onClick=${() => act(action, found(at.search, state.countedAt))}>
      <${Icon} name=${action === 'retry' ? 'rotate-cw' : 'ban'} />${say('action', action)} ${atLeast(total, isExact)}</button>`}
  </div>`;
}

function Chip({ name, icon, tone = '', count, isExact, search, isOn }) {
  return html`<button class=${`chip ${tone === 'failed' || tone === 'uncertain' ? tone : ''}`} aria-pressed=${isOn}
    onClick=${() => go({ search, task: null })}>${icon && html`<${Icon} name=${icon} tone=${tone} />`}
    <span class="w">${name}</span> <b>${count == null ? '' : atLeast(count, isExact)}</b></button>`;
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
            isChosen=${row?.id === at.task} when=${row && ago(row.finished_at ?? row.started_at ?? row.created_at, state.now)}
            lasted=${row && took(row, state.now)} />`)}
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
    const { row, isChosen, when, lasted, place } = this.props;
    return row !== next.row || isChosen !== next.isChosen || when !== next.when || lasted !== next.lasted || place !== next.place;
  }

  render({ row, isChosen, when, lasted, place }) {
    if (!row) return html`<tr class="gap" style=${`height:${height()}px`}></tr>`;
    const at = row.finished_at ?? row.started_at ?? row.created_at;
    return html`<tr role="row" aria-selected=${isChosen} aria-rowindex=${place + 1}
      onClick=${(event) => event.target.closest('a') || go({ task: row.id })}>
      <td role="cell" class="s"><${State} state=${row.state} queue=${row.queue} /></td>
      <td role="cell" class="k"><${Link} class="plain el" tabindex="-1" href=${addressOf({ view: 'tasks', task: row.id })}
        to=${{ task: row.id }}><${Title} row=${row} /><//> <span class=${`el why ${tone(row)}`}>${brief(row)}</span></td>
      <td role="cell" class="q">${row.queue}</td>
      <td role="cell" class="n">${row.attempt ? say('tries', 'of', { made: row.attempt, most: row.max_attempts }) : ''}</td>
      <td role="cell" class="w num" title=${exact(at)}>${when}</td>
      <td role="cell" class="t num">${lasted}</td></tr>`;
  }
}

// The title of a row, and apart from it what the task is about: on a phone the reason is between.
function Title({ row: { title, to } }) {
  const [name, ...about] = to ? [title, to] : title.split(': ');
  return html`<span class="el">${name}</span>${about.length > 0 && html`<span class="el about"><span class="colon">: </span>${about.join(': ')}</span>`}`;
}

export function State({ state: name, queue }) {
  return html`<span class=${`st ${name}`}><${Icon} name=${ICON[name]} /><span>${stateWord(name, queue)}</span></span>`;
}

const tone = (row) => (row.state === 'failed' || row.state === 'uncertain' ? row.state : '');

function brief(row) {
  const { progress } = row;
  if (row.state === 'running' && progress) {
    const part = progress.total ? say('progress', 'share', { percent: Math.floor((100 * progress.done) / progress.total) }) : number(progress.done);
    return progress.text ? `${part} ${progress.text}` : part;
  }
  return row.state === 'succeeded' ? '' : row.error ?? row.why;
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
  const row = state.detail;
  if (!row || row.missing || !mayAct()) return null;
  if (event.key === 'r' && canRetry(row)) return act('retry', { ids: [row.id] });
  if (event.key === 'c' && canCancel(row)) return act('cancel', { ids: [row.id] });
  return null;
}

export const canRetry = (row) => row.state === 'failed' || row.state === 'cancelled';
export const canCancel = (row) => ['scheduled', 'queued', 'waiting', 'running'].includes(row.state);

function leave(field) {
  if (state.at.view === 'run') return field?.blur(); // what is typed stays
  if (state.at.task) return go({ task: null });
  if (state.at.search) return go({ search: '' });
  return field?.blur();
}

function move(step) {
  const ids = state.pages.flatMap((page) => page.ids ?? []);
  const place = ids.indexOf(state.at.task);
  const id = ids[place < 0 ? 0 : Math.max(0, Math.min(ids.length - 1, place + step))];
  if (id) go({ task: id }, { replace: Boolean(state.at.task) });
  document.querySelector('tr[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
}
