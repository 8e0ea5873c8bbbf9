// How states, times, spans and numbers are written. The words are those of the one table of tasks.

const table = await (await fetch('words.json')).json();

export const number = (value) => value.toLocaleString('en');
const MOST = 10000; // beyond that the API does not count
export const atLeast = (value, isExact) => (isExact ? number(value) : `${number(Math.min(value, MOST))}+`);

/** Say a row with its fields, of which `n` picks the form; empty if there is none. */
export function say(subject, name, fields = {}) {
  const forms = table[subject]?.[name] ?? [''];
  const text = String(fields.n) === '1' ? forms[0] : forms.at(-1);
  return text.replace(/\{(\w+)\}/g, (_, field) => (typeof fields[field] === 'number' ? number(fields[field]) : fields[field]));
}

/** Say a label of the page. */
export const label = (name, fields) => say('page', name, fields);
/** Say a row of a verb, else that of all others. */
export const sayOf = (subject, name, fields) => say(subject, name, fields) || say(subject, 'other', fields);
export const tasks = (n) => say('count', 'tasks', { n }); // or of a written number
export const verbs = Object.keys(table.act);

export const ICON = {
  scheduled: 'calendar-clock',
  queued: 'circle-dashed',
  running: 'loader-circle',
  waiting: 'rotate-cw',
  succeeded: 'circle-check',
  failed: 'circle-x',
  cancelled: 'ban',
  uncertain: 'circle-help',
  kept: 'inbox',
  came_back: 'mail-x',
};

/** Return how a task is shown: as its state, or as what became of it, such as *kept*. */
export const lookOf = ({ state, reason }) => (state === 'succeeded' && say('state', reason) ? reason : state);

/** Name a state, as tasks of a queue have it. */
export const stateWord = (state, queue) => say(`state.queue_${queue}`, state) || say('state', state);

/** Write a rate such as `30/min`, or several. */
export const rates = (text) =>
  text.split(/, ?/).map((each) => say('rate', each.split('/')[1], { count: Number(each.split('/')[0]) })).join(', ');

/** Write a span of seconds: `0.21 s`, `40 s`, `3 min`, `20 h`, `4 days`. */
export function span(seconds) {
  if (seconds < 10) return label('s', { n: seconds.toFixed(seconds < 1 ? 2 : 1) });
  if (seconds < 120) return label('s', { n: Math.round(seconds) });
  if (seconds < 7200) return label('min', { n: Math.round(seconds / 60) });
  if (seconds < 172800) return label('h', { n: Math.round(seconds / 3600) });
  return label('days', { n: Math.round(seconds / 86400) });
}

/** Write a past moment: its age up to an hour, then the time, `yesterday`, the date. */
export function ago(iso, now) {
  const then = new Date(iso);
  const seconds = (now - then) / 1000;
  if (seconds < 2) return label('now');
  if (seconds < 60) return label('s', { n: Math.floor(seconds) });
  if (seconds < 3600) return label('min', { n: Math.floor(seconds / 60) });
  return isToday(then, now) ? clock(then) : day(then, now);
}

/** Write how long ago a moment is, whatever day it was: `5 s`, `3 min`, `4 days`. */
export const age = (iso, now) => whole((now - Date.parse(iso)) / 1000);

function whole(seconds) {
  return seconds < 10 ? label('s', { n: Math.max(1, Math.floor(seconds)) }) : span(seconds);
}

/** Write a coming moment with its distance: `10:50, in 8 min`. */
export function coming(iso, now) {
  const then = new Date(iso);
  const when = isToday(then, now) ? clock(then) : `${day(then, now)} ${clock(then)}`;
  return { when, distance: then > now ? inAWhile((then - now) / 1000) : label('now') };
}

export const inAWhile = (seconds) => label('coming', { span: whole(seconds) });
export const exact = (iso) =>
  new Date(iso).toLocaleString([], { dateStyle: 'full', timeStyle: 'long' });
/** Write a moment to the second, with its day unless that is today. */
export function seconds(iso, now) {
  const then = new Date(iso);
  return `${isToday(then, now) ? '' : `${day(then, now)} `}${then.toLocaleTimeString('en-GB')}`;
}

/** Return how long the last attempt of a row took, or takes; empty if there was none, or if it ended unseen. */
export function took(row, now) {
  if (!row.started_at || row.state === 'uncertain' || row.reason === 'settled_by_person') return '';
  const end = row.state === 'running' ? now : Date.parse(row.finished_at ?? '');
  return Number.isNaN(end) ? '' : span(Math.max(0, end - Date.parse(row.started_at)) / 1000);
}

function clock(moment) {
  return moment.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

const isToday = (moment, now) => daysTo(moment, now) === 0;

function day(moment, now) {
  const near = { '-1': 'yesterday', 0: 'today', 1: 'tomorrow' }[daysTo(moment, now)];
  if (near) return label(near);
  const isThisYear = moment.getFullYear() === new Date(now).getFullYear();
  const year = isThisYear ? {} : { year: 'numeric' };
  return moment.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...year });
}

const daysTo = (moment, now) => Math.round((midnight(moment) - midnight(new Date(now))) / 86400e3);

function midnight(moment) {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
}
