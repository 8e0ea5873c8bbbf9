// The search of the list: the text that a person types, and the filter that it means.

export const STATES = [
  { name: 'Active', states: 'running,queued', icon: 'loader-circle', tone: 'running' },
  { name: 'Scheduled', states: 'scheduled', icon: 'calendar-clock', tone: 'scheduled' },
  { name: 'Waiting', states: 'waiting', icon: 'rotate-cw', tone: 'waiting' },
  { name: 'Failed', states: 'failed', icon: 'circle-x', tone: 'failed' },
  { name: 'Uncertain', states: 'uncertain', icon: 'circle-help', tone: 'uncertain' },
  { name: 'Done', states: 'succeeded', icon: 'circle-check', tone: 'succeeded' },
  { name: 'Cancelled', states: 'cancelled', icon: 'ban', tone: 'cancelled' },
];

const CAN_RETRY = new Set(['failed', 'cancelled']);
const CAN_CANCEL = new Set(['scheduled', 'queued', 'waiting', 'running']);
const WORDS = { state: 'state', task: 'called', queue: 'queue', cause: 'cause', id: 'id' };
const UNIT_MS = { m: 60e3, h: 3600e3, d: 86400e3 };

/** Return the parameters of `GET /tasks` that a search means. */
export function filterOf(search, now = Date.now()) {
  const filter = {};
  const text = [];
  for (const word of search.split(/\s+/).filter(Boolean)) {
    const [, name, value] = /^([a-z]+):(.+)$/.exec(word) ?? [];
    const moment = name === 'since' || name === 'until' ? momentOf(value, now) : null;
    if (moment) filter[name] = moment;
    else if (name in WORDS) filter[WORDS[name]] = value;
    else text.push(word.replace(/^\w+=/, ''));
  }
  if (filter.cause) filter.seen = 'false';
  return text.length ? { ...filter, text: text.join(' ') } : filter;
}

function momentOf(text, now) {
  const [, count, unit] = /^(\d+)([mhd])$/.exec(text) ?? [];
  if (unit) return new Date(now - count * UNIT_MS[unit]).toISOString();
  const day = new Date(now);
  if (text === 'yesterday') day.setDate(day.getDate() - 1);
  else if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return new Date(`${text}T00:00`).toISOString();
  else if (text !== 'today') return null;
  day.setHours(0, 0, 0, 0);
  return day.toISOString();
}

/** Return the search with other states, or with none. */
export function withStates(search, states) {
  const others = search.split(/\s+/).filter((word) => word && !word.startsWith('state:'));
  return [...others, ...(states ? [`state:${states}`] : [])].join(' ');
}

/** Return the states that a search names, as written; empty for all. */
export const statesOf = (search) => filterOf(search).state ?? '';

/** Return the action that all tasks found by a search allow. */
export function actionFor(search) {
  const states = statesOf(search).split(',').filter(Boolean);
  if (!states.length) return null;
  if (states.every((state) => CAN_RETRY.has(state))) return 'retry';
  return states.every((state) => CAN_CANCEL.has(state)) ? 'cancel' : null;
}
