// Days and hours as a person types them, in the zone of the browser; as in the window and the shell.

const DATE = /^(?:(\d{4})-(\d{1,2})-(\d{1,2})|(\d{1,2})\.(\d{1,2})\.(\d{4}))$/;
const HOUR_MS = 3600000;

/** Tell whether a word alone means a day, even one that does not exist. */
export const namesDay = (word) => /^(today|yesterday)$/i.test(word) || DATE.test(word);

/** Return the beginning, or the end, of the day or hour that a person means; null for anything else. */
export function momentOf(typed, now, isEnd) {
  const text = typed.toLowerCase();
  const at = new Date(now);
  const date = DATE.exec(text);
  if (date) {
    const [year, month, day] = (date[1] ? date.slice(1, 4) : date.slice(4).reverse()).map(Number);
    const first = midnight(year, month - 1, day);
    const isReal = year && first.getMonth() === month - 1 && first.getDate() === day;
    return isReal ? midnight(year, month - 1, day + Number(isEnd)).toISOString() : null;
  }
  const [, count, unit] = /^(\d{1,4})([dh])$/.exec(text) || [];
  if (unit === 'h') {
    at.setMinutes(0, 0, 0);
    return new Date(at.getTime() + (Number(isEnd) - count) * HOUR_MS).toISOString();
  }
  const named = new Map([['today', 0], ['yesterday', 1], ['week', (at.getDay() + 6) % 7]]);
  const ago = unit ? count : named.get(text);
  if (ago === undefined) return null;
  return midnight(at.getFullYear(), at.getMonth(), at.getDate() - ago + Number(isEnd)).toISOString();
}

function midnight(year, month, day) {
  const at = new Date(2000, 0, 1);
  at.setFullYear(year, month, day); // a constructor would take the year 26 for 1926
  return at;
}
