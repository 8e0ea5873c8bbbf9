// How states, times, spans and numbers are written.

export const STATE = {
  scheduled: ['Scheduled', 'calendar-clock'],
  queued: ['Queued', 'circle-dashed'],
  running: ['Running', 'loader-circle'],
  waiting: ['Waiting', 'rotate-cw'],
  succeeded: ['Done', 'circle-check'],
  failed: ['Failed', 'circle-x'],
  cancelled: ['Cancelled', 'ban'],
  uncertain: ['Uncertain', 'circle-help'],
};

export const number = (value) => value.toLocaleString('en');
export const many = (count, one, other) => `${number(count)} ${count === 1 ? one : other}`;

/** Write a span of seconds: `0.21 s`, `40 s`, `3 min`, `20 h`, `4 days`. */
export function span(seconds) {
  if (seconds < 1) return `${seconds.toFixed(2)} s`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  if (seconds < 172800) return `${Math.round(seconds / 3600)} h`;
  return `${Math.round(seconds / 86400)} days`;
}

/** Write a past moment: its age up to an hour, then the time, `yesterday`, the date. */
export function ago(iso, now) {
  const then = new Date(iso);
  const seconds = (now - then) / 1000;
  if (seconds < 2) return 'now';
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  return day(then, now) === 'today' ? clock(then) : day(then, now);
}

/** Write a coming moment with its distance: `10:50, in 8 min`. */
export function coming(iso, now) {
  const then = new Date(iso);
  const when = day(then, now) === 'today' ? clock(then) : `${day(then, now)} ${clock(then)}`;
  return { when, distance: then > now ? `in ${span(Math.max(1, (then - now) / 1000))}` : 'now' };
}

export const exact = (iso) =>
  new Date(iso).toLocaleString([], { dateStyle: 'full', timeStyle: 'long' });
export const seconds = (iso) => new Date(iso).toLocaleTimeString('en-GB');

/** Return how long the last attempt of a row took, or takes; empty if there was none. */
export function took(row, now) {
  if (!row.started_at) return '';
  const end = row.state === 'running' ? now : Date.parse(row.finished_at ?? '');
  return Number.isNaN(end) ? '' : span(Math.max(0, end - Date.parse(row.started_at)) / 1000);
}

function clock(moment) {
  return moment.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
}

function day(moment, now) {
  const days = Math.round((midnight(moment) - midnight(new Date(now))) / 86400e3);
  const near = { '-1': 'yesterday', 0: 'today', 1: 'tomorrow' }[days];
  if (near) return near;
  const isThisYear = moment.getFullYear() === new Date(now).getFullYear();
  const year = isThisYear ? {} : { year: 'numeric' };
  return moment.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', ...year });
}

function midnight(moment) {
  return new Date(moment.getFullYear(), moment.getMonth(), moment.getDate()).getTime();
}
