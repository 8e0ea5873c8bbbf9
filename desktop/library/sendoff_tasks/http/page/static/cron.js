// Cron lines in words, in their common forms.

import { label } from './words.js';

const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MOST = 4; // times of a day, or days of a week, that are named one by one

/** Say when a cron line is due; empty if it is none of the common forms. */
export function cronWords(cron) {
  const fields = cron.trim().toLowerCase().split(/\s+/);
  if (fields.length !== 5) return '';
  const [minute, hour, day, month, weekday] = fields;
  if (day === '*' && month === '*' && weekday === '*') {
    const often = oftenWords(minute, hour);
    if (often) return often;
  }
  const time = timesOf(minute, hour);
  if (!time) return '';
  if (day === '*' && month === '*') {
    if (weekday === '*') return label('every_day', { time });
    const days = daysOf(weekday);
    return days && label('on_days', { days, time });
  }
  if (weekday !== '*' || !isNumber(day)) return '';
  if (month === '*') return label('each_month', { day: String(Number(day)), time });
  const place = isNumber(month) ? month - 1 : MONTHS.indexOf(month);
  const name = place < 0 ? '' : new Date(2024, place, 1).toLocaleDateString('en-GB', { month: 'long' });
  return name && label('each_year', { date: `${Number(day)} ${name}`, time });
}

const isNumber = (text) => /^\d+$/.test(text);
const padded = (text) => text.padStart(2, '0');

function oftenWords(minute, hour) {
  const steps = (text, most) => {
    const n = text === '*' ? 1 : Number(/^\*\/(\d+)$/.exec(text)?.[1]);
    return n && most % n === 0 ? n : 0; // others begin anew with each hour or day
  };
  if (hour === '*' && steps(minute, 60)) return label('every_min', { n: steps(minute, 60) });
  if (!isNumber(minute) || !steps(hour, 24)) return '';
  return label('every_h', { n: steps(hour, 24), minute: padded(minute) });
}

function timesOf(minute, hour) {
  const hours = hour.split(',');
  if (!isNumber(minute) || !hours.every(isNumber) || hours.length > MOST) return '';
  return hours.map((each) => `${padded(each)}:${padded(minute)}`).join(', ');
}

function daysOf(weekday) {
  const name = (text) => {
    const place = isNumber(text) ? text % 7 : DAYS.indexOf(text);
    return place < 0 ? '' : new Date(2024, 0, 7 + place).toLocaleDateString('en-GB', { weekday: 'long' });
  };
  const [first, last, ...more] = weekday.split('-').map(name);
  if (last && !more.length) return first && label('days_to', { first, last });
  const days = weekday.split(',').map(name);
  return days.every(Boolean) && days.length <= MOST ? days.join(', ') : '';
}
