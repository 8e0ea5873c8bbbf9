// The search of the list: the text that a person types, and the filter that it means.

import { now as serverTime } from './api.js';
import { momentOf, namesDay } from './days.js';
import { label, say } from './words.js';

const MEANT = await (await fetch('filters.json')).json(); // the filter of each word after `state:`
const TITLES = { done: say('state', 'succeeded') };
const filter = (name, icon, tone) => ({ name, icon, tone, title: TITLES[name] || label(name) || say('state', name) });

/** The filters above the list, as in the window; those beyond `IN_ROW` are under *More*. */
export const FILTERS = [
  filter('need_you', 'triangle-alert', 'failed'),
  filter('under_way', 'loader-circle', 'running'),
  filter('waiting', 'rotate-cw', 'waiting'),
  filter('scheduled', 'calendar-clock', 'scheduled'),
  filter('done', 'circle-check', 'succeeded'),
  filter('failed', 'circle-x', 'failed'),
  filter('uncertain', 'circle-help', 'uncertain'),
  filter('cancelled', 'ban', 'cancelled'),
  filter('seen', 'check', ''),
  filter('kept', 'inbox', 'kept'),
  filter('settled', 'check', 'succeeded'),
];
export const IN_ROW = 5;
/** Those that no count by state tells. */
export const COUNTED_ALONE = FILTERS.filter(({ name }) => MEANT[name].reason);

const EVERY = ['scheduled', 'queued', 'running', 'waiting', 'succeeded', 'failed', 'cancelled', 'uncertain'];
const CAN_RETRY = ['failed', 'cancelled', 'waiting'];
const CAN_CANCEL = ['scheduled', 'queued', 'waiting', 'running'];
export const STOPS = ['queue_held', 'offline', 'quota']; // a retry of one task ends them for its queue
const WORDS = { task: 'called', queue: 'queue', cause: 'cause', id: 'id' };

const ENDS = new Map([['since', ['since']], ['until', ['until']], ['day', ['since', 'until']]]);
const TOKEN = /(?:(-?state|task|queue|cause|id|since|until):)?(?:"((?:[^"\\]|\\.)*)"?|(\S*))/gi;

// The parts of a search as written: a value after a key that is known, or free words; as in the window.
function tokensOf(search) {
  const found = [...search.matchAll(TOKEN)].filter(([raw]) => raw);
  return found.map(([raw, key = '', quoted, plain]) => {
    const name = key.toLowerCase() || (plain && namesDay(plain) ? 'day' : '');
    return { raw, name, value: plain ?? quoted.replace(/\\(.)/gs, '$1') };
  });
}

/** Return the parameters of `GET /tasks` that a search means. */
export const filterOf = (search, now = serverTime()) => parsed(search, now).filter;

/** Return the first word of a search that should be a day and is none; empty if there is none. */
export const strangeDay = (search) => parsed(search, serverTime()).strange;

function parsed(search, now) {
  const filter = {};
  const text = [];
  const states = [];
  const leftOut = [];
  let strange = '';
  for (const { raw, name, value } of tokensOf(search).filter((token) => token.value)) {
    const ends = ENDS.get(name) ?? [];
    const moments = ends.map((end) => momentOf(value, now, end === 'until'));
    if (moments.includes(null)) {
      strange ||= value;
      text.push(raw);
    } else if (ends.length) ends.forEach((end, place) => narrow(filter, end, moments[place]));
    else if (/^-?state$/.test(name)) (name === 'state' ? states : leftOut).push(...wordsOf(value));
    else if (name) filter[WORDS[name]] = value;
    else text.push(value.replace(/^\w+=/, ''));
  }
  if (states.length) Object.assign(filter, meantBy(states));
  if (leftOut.length) filter.state = (filter.state?.split(',') ?? EVERY).filter((state) => !meantOut(leftOut).includes(state)).join();
  if (filter.cause) filter.seen = false;
  return { filter: text.length ? { ...filter, text: text.join(' ') } : filter, states: states.join(), strange };
}

const wordsOf = (value) => value.toLowerCase().split(',').filter(Boolean);

// Of several times the one counts that leaves fewer tasks; written alike, they are in their order.
function narrow(filter, end, moment) {
  const isNarrower = end === 'since' ? moment > filter.since : moment < filter.until;
  if (isNarrower || !filter[end]) filter[end] = moment;
}

// What words mean together. Those that would narrow the others too are left to the API, which refuses them.
function meantBy(words) {
  const known = words.map((word) => MEANT[word] ?? { state: word });
  if (known.length === 1) return known[0];
  const isApart = (each) => known.every((other) => other === each || !other.state.split(',').some((state) => each.state.includes(state)));
  if (known.some((each) => (each.seen || (each.reason ?? 'none') !== 'none') && isApart(each))) return { state: words.join() };
  const agreed = (name, of) => {
    const told = new Set(of.map((each) => each[name]));
    return told.size === 1 && { [name]: [...told][0] };
  };
  return {
    state: [...new Set(known.flatMap((each) => each.state.split(',')))].join(),
    ...agreed('standing', known.filter((each) => each.state.includes('queued'))),
    ...agreed('seen', known.filter((each) => 'seen' in each)),
  };
}

// Whether a pause stops a task is no state, so *waiting* leaves the queued ones.
const meantOut = (words) =>
  words.flatMap((word) => (MEANT[word]?.state ?? word).split(',').slice(0, MEANT[word]?.standing === false ? 2 : 1));

/** Count the tasks of a filter, which is not counted alone, of counts by state. */
export function countOf({ counts, standing, seen }, name) {
  const meant = MEANT[name];
  const states = meant.state.split(',');
  const sum = (of) => states.reduce((total, state) => total + (of[state] ?? 0), 0);
  if ('seen' in meant) return meant.seen ? sum(seen) : sum(counts) - sum(seen);
  if (!('standing' in meant)) return sum(counts);
  return sum(counts) - (meant.standing ? (counts.queued ?? 0) - standing : standing);
}

/** Return the search with another filter, or with none. */
export function withFilter(search, name) {
  const others = tokensOf(search).filter((token) => !/^-?state$/.test(token.name));
  return [...others.map(({ raw }) => raw), ...(name ? [`state:${name}`] : [])].join(' ');
}

/** Return what a search names after `state:`; empty for all. */
export const namedIn = (search) => parsed(search, serverTime()).states;

/** Tell whether a task can be tried again, or at once. */
export const canRetry = (row) => CAN_RETRY.includes(row.state) || (row.state === 'queued' && STOPS.includes(row.reason));
export const canCancel = (row) => CAN_CANCEL.includes(row.state);

/** Return the actions that all tasks found by a search allow. */
export function actionsFor(search) {
  const { state = '', standing } = filterOf(search);
  const states = state.split(',').filter(Boolean);
  const may = { retry: [...CAN_RETRY, ...(standing ? ['queued'] : [])], cancel: CAN_CANCEL };
  return Object.keys(may).filter((action) => states.length && states.every((each) => may[action].includes(each)));
}

/** Name *retry* as it is for tasks in some states: what has not ended is tried now. */
export const retryWord = (states) => say('action', states.some((each) => CAN_CANCEL.includes(each)) ? 'try_now' : 'retry');
