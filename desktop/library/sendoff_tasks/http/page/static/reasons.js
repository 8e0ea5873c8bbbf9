// Why a task is in its state, said from the data of its row; times are the viewer's.

import { coming, number, rates, say } from './words.js';

const FLAGS = ['fixed', 'may_have_arrived', 'stops', 'on_hold', 'paused', 'batch']; // of data that picks a variant
const HOUR_MS = 3600e3; // a start within it is told by its distance
const LONG_WAIT_MS = 60e3; // a shorter wait for a limit is not announced
const SOON_MS = 500; // the same for a server that is tried again

/** Say in a phrase why a task is in its state; empty if the state says it all. */
export function why({ reason, reason_data: data, attempt, queue }, now) {
  if (!reason) return '';
  const variants = [attempt === 0 && 'unstarted', ...FLAGS.filter((flag) => data[flag]), data.count === null && 'many', data.code, data.mark,
    data.server && 'server', typeof data.limit === 'string' && 'rate', data.text && 'text', `queue_${queue}`];
  const fill = (subject) => {
    const of = variants.map((each) => each && `${subject}.${each}`).find((each) => each && say(each, reason));
    return say(of ?? subject, reason, fieldsOf(data, attempt, now));
  };
  const wait = data.until ? Date.parse(data.until) - now : 0;
  const isLong = wait > (['offline', 'quota'].includes(reason) ? SOON_MS : LONG_WAIT_MS);
  return [isLong && fill('until'), fill('reason')].filter(Boolean).join(' · ');
}

function fieldsOf(data, attempt, now) {
  const moment = (iso) => (iso ? coming(iso, now).when : '');
  const rate = typeof data.limit === 'string' && rates(data.limit);
  return {
    ...data,
    n: data.count ?? attempt,
    since: moment(data.since),
    until: say('time', 'at', { time: moment(data.until) }),
    moment: moment(data.until),
    rate,
    limit: rate ? say('limit', 'rate', { rate }) : say('limit', 'slots', { n: data.limit }),
    seconds: number(Number(data.limit)),
    phrase: (data.text ?? '').replace(/\.$/, ''),
  };
}

/** Say when a task that waits for its time starts, or what keeps it from starting then; else empty. */
export function start({ state, run_at: at, reason_data: data, queue }, now) {
  if (!at || !['scheduled', 'waiting'].includes(state)) return '';
  if (data.on_hold) return say('advice', 'on_hold', { text: data.on_hold });
  if (data.paused) {
    const { when: since } = coming(data.paused, now);
    return say('reason', data.batch_id ? 'batch_paused' : 'queue_paused', { queue, since });
  }
  const { when, distance } = coming(at, now);
  return say(...(state === 'waiting' ? ['time', 'again'] : ['headline', 'starts']), { when: Date.parse(at) - now < HOUR_MS ? distance : when });
}
