// What the page knows of the tasks, and how it stays true: pages by key, and the stream of events.

import { Refused, call, events, get, post } from './api.js';
import { COUNTED_ALONE, filterOf, strangeDay, withFilter } from './search.js';
import { atLeast, label, say, sayOf, tasks } from './words.js';

const PAGE = 200; // rows of a page
const HELD = 3; // pages whose rows are held; of the others only where they begin
const SETTLE_MS = 200; // changes that come together are read together
const REST_MS = 1000; // between two such reads: ten pages must not slow down the tasks
const UNDO_S = 5;
const BACKOFF_MS = [100, 500, 1000, 2000, 5000];

/** The state of the page. `change` replaces parts of it; `onChange` hears of that, and if it may wait. */
export const state = {
  me: null, // {right, name, token, title}
  at: place(), // {view, search, task}
  pages: [], // {after, ids | null, count}: the list, by key; without ids its rows were let go
  rows: new Map(), // the rows of the pages that are held, by number
  isWhole: false, // the last page has been read
  total: null,
  countedAt: null, // when that was counted, by the server's clock
  isExact: true,
  newer: 0, // tasks that the list will show first
  counts: null, // by state, of the search with any filter
  alone: {}, // {total, total_is_exact} of the filters that are counted alone
  stats: null,
  overview: null,
  causes: null, // null before they are read, as are the others
  causesAt: null,
  queues: null,
  processes: [],
  schedules: null,
  functions: null, // those that can be run
  detail: null,
  undo: null, // {text, id}
  toast: '',
  refused: '', // why the search cannot be read
  lostAt: null, // when the connection was lost
  lostBy: '', // what the server says of it
};

/** Tell whether the visitor may act on tasks, or run functions, which is more. */
export const mayRun = () => state.me.right === 'run';
export const mayAct = () => mayRun() || state.me.right === 'act';

let hear = () => {};
export const onChange = (listener) => {
  hear = listener;
};

export function change(parts, isSlow = false) {
  Object.assign(state, parts);
  hear(isSlow);
}

function place() {
  const given = new URLSearchParams(location.search);
  return {
    view: given.get('view') ?? 'tasks',
    search: given.get('q') ?? '',
    task: Number(given.get('task')) || null,
    cause: given.get('cause'),
  };
}

export function addressOf(at) {
  const given = { view: at.view === 'tasks' ? '' : at.view, q: at.search, task: at.task, cause: at.cause };
  const asked = new URLSearchParams(Object.entries(given).filter(([, value]) => value));
  return `?${asked}`;
}

/** Go to another place of the page; the browser's own way back leads here again. */
export function go(parts, { replace = false } = {}) {
  const at = { ...state.at, ...parts };
  history[replace ? 'replaceState' : 'pushState'](null, '', addressOf(at));
  arrive(at);
}
addEventListener('popstate', () => arrive(place()));

function arrive(at) {
  const before = state.at;
  change({ at });
  if (at.search !== before.search) {
    change({ pages: [], total: null, isWhole: false, newer: 0, toast: '', refused: '' });
    isFrozen = false;
    guarded(readTop);
  }
  if (at.task !== before.task) guarded(readDetail);
  if (at.view !== before.view) guarded(at.view === 'run' ? readFunctions : readView);
}

let isFirstWanted = false;

/** Search, and open the first task that is found. */
export function openFirst(search) {
  const [first] = state.pages;
  isFirstWanted = search !== state.at.search || !first;
  if (isFirstWanted) go({ search, task: null }, { replace: true });
  else if (first.count) go({ task: first.first });
}

// Whether new rows wait behind a line that counts them: while a person reads the list.
let isFrozen = false;

export function freeze(wanted) {
  if (isFrozen === wanted) return;
  isFrozen = wanted;
  if (!wanted && state.newer) guarded(readTop);
}

export function showNewer() {
  isFrozen = false;
  return guarded(readTop);
}

/** Run a read once for many changes, and again if something changed while it ran. */
function settled(read) {
  let timer = null;
  let isRunning = false;
  let isAgain = false;
  return async function ask() {
    if (isRunning) {
      isAgain = true;
      return;
    }
    if (timer) return;
    timer = setTimeout(async () => {
      timer = null;
      isRunning = true;
      const began = performance.now();
      await guarded(read);
      const rest = Math.max(REST_MS, 4 * (performance.now() - began)); // also for a slow search
      setTimeout(() => {
        isRunning = false;
        if (isAgain) ask();
        isAgain = false;
      }, Math.min(5000, rest));
    }, SETTLE_MS);
  };
}

/** Run a read, or what a person asks for; an error is told, of a read no lost connection. */
async function guarded(ask, isAsked = false) {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof Refused && (isAsked || error.status !== 503)) change({ toast: error.message });
    if (error instanceof TypeError && isAsked) change({ toast: label('no_connection') });
    if (hasEnded(error)) await readMe().catch(() => null);
    else if (!(error instanceof TypeError) && !(error instanceof Refused)) throw error;
    return null;
  }
}

let reading = new AbortController();

/** Read the first page of the list again; what was further below begins anew. */
export async function readTop() {
  reading.abort();
  reading = new AbortController();
  const { signal } = reading;
  const { search } = state.at;
  try {
    const day = strangeDay(search);
    if (day) throw new Refused(422, say('value', 'no_day', { day }));
    const [page, counts, ...totals] = await Promise.all([
      get('tasks', { ...filterOf(search), limit: PAGE }, signal),
      get('tasks/counts', filterOf(withFilter(search, '')), signal),
      ...COUNTED_ALONE.map(({ name }) => get('tasks', { ...filterOf(withFilter(search, name)), limit: 1 }, signal)),
    ]);
    const alone = Object.fromEntries(COUNTED_ALONE.map(({ name }, place) => [name, totals[place]]));
    const told = { counts, alone, total: page.total, countedAt: page.at, isExact: page.total_is_exact };
    const known = state.pages[0]?.count && state.pages[0].first;
    const newer = page.tasks.filter((row) => row.id > known);
    if (isFrozen && known && !newer.some((row) => row.id === state.at.task)) {
      change({ newer: newer.length, ...told });
    } else {
      const rows = new Map(page.tasks.map((row) => [row.id, row]));
      const first = { after: undefined, ...numbersOf(page) };
      change({ pages: [first], rows, isWhole: !page.next, next: page.next, newer: 0, ...told });
      if (isFirstWanted && first.count) go({ task: first.first });
      isFirstWanted = false;
    }
    return page.as_of;
  } catch (error) {
    if (error.name === 'AbortError') return null;
    if (!(error instanceof Refused) || ![403, 422].includes(error.status)) throw error;
    const { as_of: asOf } = await get('tasks', { limit: 1 }); // a 403 is of the search, or of all
    change({ pages: [], rows: new Map(), total: 0, counts: null, refused: error.message });
    return asOf;
  }
}

function numbersOf(page) {
  const ids = page.tasks.map((row) => row.id);
  return { ids, count: ids.length, first: ids[0] ?? 0 };
}

let isReadingPage = false;

/** Hold the pages around the one with this index: read what is missing, let go of the others. */
export async function hold(index) {
  if (isReadingPage) return;
  const wanted = [index, index + 1, index - 1].find(
    (each) => each >= 0 && (each < state.pages.length ? !state.pages[each].ids : isNextTo(each)),
  );
  if (wanted === undefined) return;
  isReadingPage = true;
  const { signal } = reading;
  try {
    await guarded(async () => {
      const after = state.pages[wanted]?.after ?? state.next;
      const query = { ...filterOf(state.at.search), limit: PAGE, after };
      const page = await get('tasks', query, signal);
      if (signal.aborted) return;
      const pages = [...state.pages];
      pages[wanted] = { after, ...numbersOf(page) };
      const isLast = wanted === pages.length - 1;
      const end = isLast ? { next: page.next, isWhole: !page.next } : {};
      const rows = new Map(state.rows);
      for (const row of page.tasks) rows.set(row.id, row);
      pages.forEach((each, place) => {
        if (Math.abs(place - index) < HELD || !each.ids) return;
        for (const id of each.ids) rows.delete(id);
        pages[place] = { ...each, ids: null };
      });
      change({ pages, rows, ...end });
    });
  } catch (error) {
    if (error.name !== 'AbortError') throw error;
  } finally {
    isReadingPage = false;
  }
}

const isNextTo = (index) => index === state.pages.length && !state.isWhole && state.pages.length;

async function readDetail() {
  const { task } = state.at;
  if (!task) return change({ detail: null });
  try {
    const detail = await get(`tasks/${task}`);
    if (state.at.task === task) change({ detail });
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    if (state.at.task === task) change({ detail: { id: task, missing: error.message } });
  }
  return null;
}

async function readCauses() {
  const { causes, at } = await get('causes');
  change({ causes, causesAt: at });
}

async function readOverview() {
  change({ overview: await get('overview', { span: 'hour' }) });
}

async function readFunctions() {
  change({ functions: mayRun() ? (await get('functions')).functions : null });
}

async function readView() {
  if (['queues', 'schedules'].includes(state.at.view)) {
    const { queues, processes } = await get('queues');
    change({ queues, processes });
  }
  if (state.at.view === 'schedules') change({ schedules: (await get('schedules')).schedules });
}

const again = {
  top: settled(readTop),
  detail: settled(readDetail),
  causes: settled(readCauses),
  view: settled(readView),
};

/** Take an event of the stream. */
function take(event) {
  if (event.kind === 'tasks') takeRows(event.data);
  else if (event.kind === 'stats') change({ stats: event.data }, true);
  else if (event.kind === 'search') again.top();
  else if (event.kind === 'pending') takePending(event.data);
}

function takeRows({ rows, gone }) {
  let isOther = gone.length > 0;
  for (const row of rows) {
    const known = state.rows.get(row.id);
    if (known && known.rev <= row.rev) state.rows.set(row.id, row);
    isOther ||= !known || known.state !== row.state || known.seen !== row.seen;
    if (row.id === state.at.task) again.detail();
  }
  if (isOther) {
    again.top();
    again.causes();
    again.view();
  }
  hear(true);
}

function takePending({ rows, gone }) {
  if (!state.undo) return;
  const own = rows.find((row) => row.id === state.undo.id);
  if (own?.answer || gone.includes(state.undo.id)) change({ undo: null });
}

/** Follow the tasks until the page is left: read all, then listen; after a cut, from there on. */
export async function follow() {
  let after = null;
  for (let failures = 0; ; failures += 1) {
    try {
      if (!after) {
        [after] = await Promise.all([readTop(), readCauses(), readOverview(), readView(), readFunctions()]);
        await readDetail();
      }
      const ended = new AbortController();
      const leave = () => document.hidden && ended.abort();
      document.addEventListener('visibilitychange', leave);
      try {
        for await (const event of events(after, ended.signal)) {
          if (state.me.right === 'none') return;
          failures = 0;
          if (state.lostAt) change({ lostAt: null });
          if (event.kind === 'reset') {
            after = null;
            break;
          }
          take(event);
          after = event.id ?? after;
        }
      } finally {
        document.removeEventListener('visibilitychange', leave);
      }
      failures = -1; // it ended in order
    } catch (error) {
      if (hasEnded(error)) return;
      if (error.name !== 'AbortError') lose(error);
    }
    if (document.hidden) await new Promise((seen) => whenSeen(seen));
    if (failures >= 0) await pause(BACKOFF_MS[Math.min(failures, BACKOFF_MS.length - 1)]);
  }
}

function lose(error) {
  change({ lostAt: state.lostAt ?? Date.now(), lostBy: error instanceof Refused ? error.message : '' });
}

function whenSeen(seen) {
  document.addEventListener('visibilitychange', () => seen(), { once: true });
}

const pause = (ms) => new Promise((over) => setTimeout(over, ms));

setInterval(() => state.me && !document.hidden && guarded(readOverview), 60e3);

/** Return all that a search has found at a time, for `act`; what came or ended later is left. */
export const found = (search, at) => ({ filter: { ...filterOf(search), known_at: at } });

/** Act on `{ids}`, or on all of `found`. It can be undone for a while. */
export async function act(action, which, word = say('action', action)) {
  const answer = await guarded(() => post('tasks/bulk', { action, ...which, delay: UNDO_S }), true);
  if (!answer) return;
  const skipped = answer.skipped.map((each) => sayOf('skipped', each.refusal, { n: each.count }));
  const why = skipped.length ? say('beside', 'skipped', { why: skipped.join(', ') }) : '';
  if (!answer.pending) return change({ toast: why || say('tail', 'nothing') });
  const what = tasks(atLeast(answer.touched, answer.is_exact ?? true));
  const told = [word, what, say('tail', 'in', { s: UNDO_S })].join(' · ');
  change({ undo: { id: answer.pending.id, text: [told, why].filter(Boolean).join('. ') }, toast: '' });
}

/** Run a function, and show its task. Raises as `call` does; with the same key it runs once. */
export async function runTask(body, key) {
  const row = await call('POST', 'tasks', { query: { undo_for: UNDO_S }, body, key });
  go({ view: 'tasks', search: '', task: row.id, cause: null });
  await guarded(readTop);
  const text = [say('act', 'run'), row.title, say('tail', 'in', { s: UNDO_S })].join(' · ');
  if (row.pending) change({ undo: { id: row.pending.id, text }, toast: '' });
}

/** Undo what can be undone; without an answer, the button stays. */
export async function undo() {
  const { undo: pending } = state;
  change({ undo: null });
  const undone = await guarded(async () => {
    await call('DELETE', `pending/${pending.id}`);
    return true;
  });
  if (!undone && !state.toast) change({ undo: pending });
}

/** Pause, resume or run a queue or a schedule; without a name, all. */
export async function steer(kind, name, verb) {
  await guarded(() => post([kind, ...(name ? [encodeURIComponent(name)] : []), verb].join('/')), true);
  await guarded(readView);
}

export async function logIn(token) {
  await post('session', { token });
  await begin();
}

const ONCE = '#once='; // before a code in the address, which opens the page once
const OPENED = 'opened'; // in the storage of this tab: a program has opened it, which can do so again

/** Redeem the code of the address, if it has one; it leaves the address before it is shown. */
async function redeem() {
  if (!location.hash.startsWith(ONCE)) return;
  const once = location.hash.slice(ONCE.length);
  history.replaceState(null, '', location.pathname + location.search);
  sessionStorage.setItem(OPENED, '1');
  await post('session', { once }).catch((error) => {
    if (!(error instanceof Refused)) throw error;
  });
}

// A browser that shows the page already only changes its address.
addEventListener('hashchange', () => location.hash.startsWith(ONCE) && location.reload());

/** Tell whether a program opened this page, and so can open it again. */
export const isOpened = () => sessionStorage.getItem(OPENED) !== null;

export async function logOut() {
  await call('DELETE', 'session');
  location.reload();
}

const hasEnded = (error) => error instanceof Refused && [401, 403].includes(error.status);

/** Ask who is there; who may not look sees no task from now on. */
async function readMe() {
  try {
    change({ me: await get('me'), lostAt: null });
  } catch (error) {
    if (!hasEnded(error)) throw error;
    change({ me: { right: 'none', token: false, title: label('tasks') } });
  }
}

/** Ask who is there; then follow the tasks, if they may look. */
export async function begin() {
  try {
    await redeem();
    await readMe();
  } catch (error) {
    lose(error);
    await pause(2000);
    return begin();
  }
  if (state.me.right === 'none') return null;
  await follow();
  await readMe().catch(() => null);
  await pause(1000);
  return begin();
}
