// What failures have in common, and what helps.

import { html } from './preact.js';
import { Icon } from './icon.js';
import { act, found, go, state } from './live.js';
import { DONE_BY, State } from './list.js';
import { Link } from './link.js';
import { STATE, ago, exact, many, number } from './words.js';

const HELPS = {
  retry: 'Solve it, then retry',
  resolve: 'Say what happened',
  resume: 'Resume the queue',
};

const worst = (cause) => ['failed', 'uncertain', 'waiting', 'queued'].find((name) => cause.states[name]) ?? 'waiting';
const isHeld = (cause) => cause.about.reason === 'queue_held';

/** Tell whether a person has to do something about a cause. */
export const needsPerson = (cause) => Boolean(cause.cure) || isHeld(cause);

function helps(cause) {
  if (isHeld(cause)) return 'Solve it, then let the queue try';
  return HELPS[cause.cure] ?? (cause.cure ? 'Solve it' : 'Nothing to do: it is tried again');
}

export function Causes() {
  const { at, now } = state;
  const causes = [...state.causes].sort((one, other) => needsPerson(other) - needsPerson(one));
  const chosen = causes.find((cause) => cause.cause === at.cause);
  if (!causes.length) {
    return html`<main><div class="list"><div class="empty"><${Icon} name="circle-check" />
      <h2>Nothing failed, nothing waits for you</h2></div></div></main>`;
  }
  return html`<main class=${chosen ? 'open' : ''}><div class="list"><table class="wide" aria-label="Causes">
    <thead><tr><th>Tasks</th><th>Cause</th><th class="h3">Task</th><th class="h3">First</th><th class="h3">Last</th><th>What helps</th></tr></thead>
    <tbody>${causes.map((cause) => html`<tr key=${cause.cause} aria-selected=${cause === chosen}
      onClick=${() => go({ cause: cause.cause })}>
      <td><span class=${`st ${worst(cause)}`}><${Icon} name=${STATE[worst(cause)][1]} /><b>${number(cause.count + cause.behind)}</b></span></td>
      <td><${Link} class="plain" to=${{ cause: cause.cause }}>${cause.title}<//></td>
      <td class="soft h3">${cause.about.task_title ?? cause.about.queue ?? ''}</td>
      <td class="soft h3" title=${exact(cause.first_at)}>${ago(cause.first_at, now)}</td>
      <td class="soft h3" title=${exact(cause.last_at)}>${ago(cause.last_at, now)}</td>
      <td>${helps(cause)}</td></tr>`)}</tbody></table></div>
    ${chosen && html`<${Cause} cause=${chosen} />`}</main>`;
}

function Cause({ cause }) {
  const ofCause = (action) => {
    const states = action === 'retry' ? ' state:failed' : '';
    act(action, found(`cause:${cause.cause}${states}`, state.causesAt), DONE_BY[action]);
  };
  const canAct = state.me.right === 'act' && cause.states.failed;
  const close = () => go({ cause: null });
  return html`<aside aria-label=${cause.title}><header><h2 class="el words">${many(cause.count, 'task', 'tasks')}</h2>
    ${canAct && html`<button class="b s" onClick=${() => ofCause('seen')}><${Icon} name="check" />Mark as seen</button>
      <button class="b s p" onClick=${() => ofCause('retry')}><${Icon} name="rotate-cw" />Retry ${number(cause.states.failed)}</button>`}
    <button class="b g s ic x" onClick=${close} aria-label="Close"><${Icon} name="x" /></button></header>
    <section><p class=${`head ${worst(cause)}`}><${Icon} name=${STATE[worst(cause)][1]} /><span>${cause.title}</span></p>
      ${cause.where.length > 0 && html`<p class="say">${cause.where.map((place) => html`<code>${place}</code> `)}</p>`}
      <div class="help"><span>${helps(cause)}.</span>
        ${isHeld(cause) && html`<${Link} to=${{ view: 'queues', cause: null }}>Show the queue<//>`}
        <${Link} to=${{ view: 'tasks', search: `cause:${cause.cause}`, cause: null }}>Show its ${many(cause.count, 'task', 'tasks')}<//></div>
      ${cause.retried_at && html`<p class="say">It was retried ${ago(cause.retried_at, state.now)} ago;
        ${many(cause.new_since_retry, 'task has', 'tasks have')} failed since.</p>`}
    </section>
    <section>${Object.entries(cause.states).map(([name, count]) => count > 0 && html`<div class="att two"><${State} state=${name} /><b>${number(count)}</b></div>`)}</section></aside>`;
}
