// What failures have in common, and what helps.

import { html } from './preact.js';
import { Icon } from './icon.js';
import { act, found, go, mayAct, state } from './live.js';
import { State } from './list.js';
import { Link } from './link.js';
import { ICON, age, ago, exact, label, number, say, tasks } from './words.js';

const ADVICE = { retry: 'retry', resume: 'resume', tasks_folder: 'function' };

const worst = (cause) => ['failed', 'uncertain', 'waiting', 'queued'].find((name) => cause.states[name]) ?? 'waiting';
const isHeld = (cause) => cause.about.reason === 'queue_held';

/** Tell whether a person has to do something about a cause. */
export const needsPerson = (cause) => Boolean(cause.cure) || isHeld(cause);

// What helps: a button that does it, a link to where it is done, or a sentence.
function Help({ cause }) {
  const words = helps(cause);
  const at = { resolve: { view: 'tasks', search: `cause:${cause.cause}`, cause: null }, resume: { view: 'queues', cause: null } }[cause.cure];
  if (at && mayAct()) return html`<${Link} to=${at}>${words}<//>`;
  if (cause.cure !== 'retry') return words;
  return canRetry(cause) ? html`<${Retry} cause=${cause} />` : advice(cause);
}

const canRetry = (cause) => mayAct() && cause.states.failed > 0;

function Retry({ cause, class: look = '' }) {
  const onClick = (event) => {
    event.stopPropagation();
    ofCause(cause, 'retry');
  };
  return html`<button class=${`b s ${look}`} onClick=${onClick}><${Icon} name="rotate-cw" />${say('action', 'retry')} ${number(cause.states.failed)}</button>`;
}

function ofCause(cause, action) {
  const states = action === 'retry' ? ' state:failed' : '';
  act(action, found(`cause:${cause.cause}${states}`, state.causesAt));
}

const helps = (cause) => say('cure', cause.cure ?? (isHeld(cause) ? 'after_hold' : 'none'));
const advice = (cause) => say('advice', isHeld(cause) ? 'fix' : ADVICE[cause.cure]) || helps(cause);

export function Causes() {
  const { at, now } = state;
  if (!state.causes) return html`<main></main>`;
  const causes = [...state.causes].sort((one, other) => needsPerson(other) - needsPerson(one));
  const chosen = causes.find((cause) => cause.cause === at.cause);
  if (!causes.length) {
    return html`<main><div class="list"><div class="empty"><${Icon} name="circle-check" />
      <h2>${label('no_causes')}</h2></div></div></main>`;
  }
  return html`<main class=${chosen ? 'open phone' : ''}><div class="list"><table class="wide" aria-label=${label('causes')}>
    <thead><tr><th>${label('tasks')}</th><th>${label('cause')}</th><th class="h3">${label('task')}</th><th class="h3">${label('first')}</th>
      <th class="h3">${label('last')}</th><th>${label('helps')}</th></tr></thead>
    <tbody>${causes.map((cause) => html`<tr key=${cause.cause} aria-selected=${cause === chosen}
      onClick=${() => go({ cause: cause.cause })}>
      <td><span class=${`st ${worst(cause)}`}><${Icon} name=${ICON[worst(cause)]} /><b>${number(cause.count + cause.behind)}</b></span></td>
      <td><${Link} class="plain" to=${{ cause: cause.cause }}>${cause.title}<//></td>
      <td class="soft h3">${cause.about.task_title ?? cause.about.queue ?? ''}</td>
      <td class="soft h3" title=${exact(cause.first_at)}>${ago(cause.first_at, now)}</td>
      <td class="soft h3" title=${exact(cause.last_at)}>${ago(cause.last_at, now)}</td>
      <td><${Help} cause=${cause} /></td></tr>`)}</tbody></table></div>
    ${chosen && html`<${Cause} cause=${chosen} />`}</main>`;
}

function Cause({ cause }) {
  const close = () => go({ cause: null });
  return html`<aside aria-label=${cause.title}><header>
    <button class="b g ic back" onClick=${close} aria-label=${label('back')}><${Icon} name="chevron-left" /></button>
    <h2 class="el words">${tasks(cause.count)}</h2>
    ${canRetry(cause) && html`<button class="b s" onClick=${() => ofCause(cause, 'seen')}><${Icon} name="check" />${say('action', 'seen')}</button>
      <${Retry} cause=${cause} class="p" />`}
    <button class="b g s ic x" onClick=${close} aria-label=${label('close')}><${Icon} name="x" /></button></header>
    <section><p class=${`head ${worst(cause)}`}><${Icon} name=${ICON[worst(cause)]} /><span>${cause.title}</span></p>
      ${cause.where.length > 0 && html`<p class="say">${cause.where.map((place) => html`<code>${place}</code> `)}</p>`}
      <div class="help"><span>${advice(cause)}</span>
        ${isHeld(cause) && html`<${Link} to=${{ view: 'queues', cause: null }}>${label('show_queue')}<//>`}
        <${Link} to=${{ view: 'tasks', search: `cause:${cause.cause}`, cause: null }}>${label('show_tasks', { n: cause.count })}<//></div>
      ${cause.retried_at && html`<p class="say">${label('retried', { n: cause.new_since_retry, span: age(cause.retried_at, state.now) })}</p>`}
    </section>
    <section>${Object.entries(cause.states).map(([name, count]) => count > 0 && html`<div class="att two"><${State} state=${name} /><b>${number(count)}</b></div>`)}</section></aside>`;
}
