// What failures have in common, and what helps.

import { html } from './preact.js';
import { Icon } from './icon.js';
import { act, found, go, mayAct, state, steer } from './live.js';
import { State } from './list.js';
import { Link } from './link.js';
import { STOPS, retryWord } from './search.js';
import { ICON, age, ago, exact, label, number, say, tasks } from './words.js';

const ADVICE = { retry: 'retry', resume: 'resumed', tasks_folder: 'function' };

const worst = (cause) => ['failed', 'uncertain', 'waiting', 'queued'].find((name) => cause.states[name]) ?? 'waiting';
const isHeld = (cause) => cause.about.reason === 'queue_held';

/** Tell whether a person has to do something about a cause; a pause is meant. */
export const needsPerson = (cause) => Boolean(cause.cure && cause.cure !== 'resume') || isHeld(cause);

// The states of its tasks that can be tried. Others wait for their queue, a function or their turn.
function tried({ about, cure, states }) {
  const isStopped = [...STOPS, 'after_task'].includes(about.reason) || cure === 'resume' || cure === 'tasks_folder';
  return ['failed', ...(isStopped ? [] : ['waiting'])].filter((name) => states[name] > 0);
}

// Whether its button is what helps, and not something else.
const needsPress = ({ about, cure }) => (!cure || ['retry', 'resume'].includes(cure)) && !/^(Value|Type)Error$/.test(about.exception);

// What helps: a button that does it, a link to where it is done, or a sentence.
function Help({ cause, isWhole }) {
  const { about, cure } = cause;
  if (!mayAct()) return cure === 'retry' ? advice(cause) : helps(cause);
  if (cure === 'resolve') return html`<${Link} to=${{ view: 'tasks', search: `cause:${cause.cause}`, cause: null }}>${helps(cause)}<//>`;
  const button = (icon, words, press) => html`<button class=${`b s ${isWhole && needsPress(cause) ? 'p' : ''}`} onClick=${(event) => {
    event.stopPropagation();
    press();
  }}><${Icon} name=${icon} />${words}</button>`;
  if (cure === 'resume' && !about.batch_id) return button('play', helps(cause), () => steer('queues', about.queue, 'resume'));
  if (STOPS.includes(about.reason)) return button('rotate-cw', say('action', 'try_now'), () => steer('queues', about.queue, 'retry'));
  const states = tried(cause);
  if ((cure && cure !== 'retry' && !isWhole) || !states.length) return isWhole ? null : helps(cause);
  const count = states.reduce((sum, name) => sum + cause.states[name], 0);
  return button('rotate-cw', `${retryWord(states)} ${number(count)}`, () => ofCause(cause, 'retry', retryWord(states), states.join()));
}

function ofCause(cause, action, word, states) {
  const { filter } = found(`cause:${cause.cause}`, state.causesAt);
  act(action, { filter: { ...filter, state: states } }, word);
}

const helps = (cause) => say('cure', cause.cure ?? (isHeld(cause) ? 'after_hold' : 'none'));
const advice = (cause) => say('advice', isHeld(cause) || (cause.cure === 'retry' && !cause.states.failed) ? 'fix' : ADVICE[cause.cure]) || helps(cause);

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
    ${mayAct() && cause.states.failed > 0 && html`<button class="b s" onClick=${() => ofCause(cause, 'seen')}><${Icon} name="check" />${say('action', 'seen')}</button>`}
    ${mayAct() && cause.cure !== 'resolve' && html`<${Help} cause=${cause} isWhole=${true} />`}
    <button class="b g s ic x" onClick=${close} aria-label=${label('close')}><${Icon} name="x" /></button></header>
    <section><p class=${`head ${worst(cause)}`}><${Icon} name=${ICON[worst(cause)]} /><span>${cause.title}</span></p>
      ${cause.where.length > 0 && html`<p class="say">${cause.where.map((place) => html`<code>${place}</code> `)}</p>`}
      <div class="help"><span>${advice(cause)}</span>
        ${cause.about.queue && html`<${Link} to=${{ view: 'queues', cause: null }}>${label('show_queue')}<//>`}
        <${Link} to=${{ view: 'tasks', search: `cause:${cause.cause}`, cause: null }}>${label('show_tasks', { n: cause.count })}<//></div>
      ${cause.retried_at && html`<p class="say">${label('retried', { n: cause.new_since_retry, span: age(cause.retried_at, state.now) })}</p>`}
    </section>
    <section>${Object.entries(cause.states).map(([name, count]) => count > 0 && html`<div class="att two"><${State} state=${name} /><b>${number(count)}</b></div>`)}</section></aside>`;
}
