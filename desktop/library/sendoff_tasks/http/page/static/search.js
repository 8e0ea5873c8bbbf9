// The search of the list: the text that a person types, and the filter that it means.

import { now as serverTime } from './api.js';
import { label, say } from './words.js';

export const STATES = [
  { name: label('active'), states: 'running,queued', icon: 'loader-circle', tone: 'running' },
  { name: say('state', 'scheduled'), states: 'scheduled', icon: 'calendar-clock', tone: 'scheduled' },
  { name: say('state', 'waiting'), states: 'waiting', icon: 'rotate-cw', tone: 'waiting' },
  { name: say('state', 'failed'), states: 'failed', icon: 'circle-x', tone: 'failed' },
  { name: say('state', 'uncertain'), states: 'uncertain', icon: 'circle-help', tone: 'uncertain' },
  { name: say('state', 'succeeded'), states: 'succeeded', icon: 'circle-check', tone: 'succeeded' },
  { name: say('state', 'cancelled'), states: 'cancelled', icon: 'ban', tone: 'cancelled' },
  { name: label('seen'), states: 'seen', icon: 'check', tone: '' },
];
const TROUBLED = ['failed', 'uncertain']; // of them, those that were seen are *seen*

const EVERY = STATES.flatMap((each) => each.states.split(',')).filter((state) => state !== 'seen');
const CAN_RETRY = new Set(['failed', 'cancelled']);
const CAN_CANCEL = new Set(['scheduled', 'queued', 'waiting', 'running']);
const WORDS = { task: 'called', queue: 'queue', cause: 'cause', id: 'id' };

/** Return the parameters of `GET /tasks` that a search means. */
export function filterOf(search, now = serverTime()) {
  const filter = {};
  const text = [];
  for (const word of search.split(/\s+/).filter(Boolean)) {
    const [, name, value] = /^(-?[a-z]+):(.+)$/.exec(word) ?? [];
    const moment = name === 'since' || name === 'until' ? momentOf(value, now, Number(name === 'until')) : null;
    if (moment) filter[name] = moment;
    else if (name === '-state') filter.state = EVERY.filter((state) => !value.split(',').includes(state)).join();
    else if (name === 'state') Object.assign(filter, meantBy(value.split(',')));
    else if (name in WORDS) filter[WORDS[name]] = value;
    else text.push(word.replace(/^\w+=/, ''));
  }
  if (filter.cause) filter.seen = false;
  return text.length ? { ...filter, text: text.join(' ') } : filter;
}

// As on the chips and in the window: a failed or uncertain task that was seen counts as seen only.
function meantBy(words) {
  const states = words.flatMap((word) => (word === 'seen' ? TROUBLED : word));
  const isSeen = words.includes('seen');
  const isUnseen = words.some((word) => TROUBLED.includes(word));
  return { state: [...new Set(states)].join(), ...(isSeen !== isUnseen && { seen: isSeen }) };
}

/** Count the tasks of a chip's states, of the counts of a search or of all. */
export function countOf({ counts, seen }, states) {
  const sum = (of, names) => names.reduce((total, name) => total + (of[name] ?? 0), 0);
  if (states === 'seen') return sum(seen, TROUBLED);
  const names = states.split(',');
  return sum(counts, names) - sum(seen, names);
}

// The beginning, or the end, of the day or hour that a person means; as in the window.
function momentOf(text, now, isEnd) {
  const at = new Date(now);
  at.setMinutes(0, 0, 0);
  const [, count, unit] = /^(\d{1,4})([dh])$/.exec(text) ?? [];
  if (unit === 'h') {
    at.setHours(at.getHours() - count + isEnd);
    return at.toISOString();
  }
  at.setHours(0);
  const days = { today: 0, yesterday: 1, week: (at.getDay() + 6) % 7 }[text] ?? count;
  if (days !== undefined) at.setDate(at.getDate() - days + isEnd);
  else if (/^\d{4}-\d{2}-\d{2}$/.test(text)) {
    const [year, month, day] = text.split('-').map(Number);
    at.setFullYear(year, month - 1, day + isEnd);
  } else return null;
  return at.toISOString();
}

/** Return the search with other states, or with none. */
export function withStates(search, states) {
  const others = search.split(/\s+/).filter((word) => word && !/^-?state:/.test(word));
  return [...others, ...(states ? [`state:${states}`] : [])].join(' ');
}

/** Return the states that a search names, as written; empty for all. */
export const statesOf = (search) => /(?:^|\s)state:(\S+)/.exec(search)?.[1] ?? filterOf(search).state ?? '';

/** Return the action that all tasks found by a search allow. */
export function actionFor(search) {
  const states = statesOf(search).split(',').filter(Boolean);
  if (!states.length) return null;
  if (states.every((state) => CAN_RETRY.has(state))) return 'retry';
  return states.every((state) => CAN_CANCEL.has(state)) ? 'cancel' : null;
}
