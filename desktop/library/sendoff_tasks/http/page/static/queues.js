// Queues with their limits, and schedules: what runs when, and what can be paused.

import { html } from './preact.js';
import { Icon } from './icon.js';
import { mayAct, state, steer } from './live.js';
import { State } from './list.js';
import { Link } from './link.js';
import { cronWords } from './cron.js';
import { age, ago, coming, exact, label, number, rates, say } from './words.js';

export function Queues() {
  const { queues, processes, now } = state;
  if (!queues) return html`<main></main>`;
  return html`<main><div class="list"><table class="wide" aria-label=${label('queues')}>
    <thead><tr><th>${label('queue')}</th><th class="num">${say('state', 'running')}</th><th class="num">${say('state', 'waiting')}</th><th class="num h3">${label('oldest')}</th>
      <th class="lim">${label('limits')}</th><th><span class="away">${label('actions')}</span></th></tr></thead>
    <tbody>${queues.map((queue) => {
      const running = queue.counts.running ?? 0;
      const waiting = (queue.counts.queued ?? 0) + (queue.counts.waiting ?? 0);
      const most = queue.concurrency;
      return html`<tr key=${queue.name}>
        <td><${Link} class="plain" to=${{ view: 'tasks', search: `queue:${queue.name}` }}>${queue.name}<//>
          ${queue.paused && html`<span class="waiting said">${[label('paused_since', { when: coming(queue.paused.since, now).when }),
            waiting > 0 && label('resumed', { n: waiting })].filter(Boolean).join('. ')}</span>`}
          ${queue.held && html`<span class="failed said">${queue.held.reason}</span>`}</td>
        <td class="num" data-l=${say('state', 'running')}>${most ? label('share', { n: running, most }) : number(running)}
          ${most && html`<span class="meter"><i class=${running >= most ? 'full' : ''} style=${`width:${(100 * running) / most}%`}></i></span>`}</td>
        <td class="num" data-l=${say('state', 'waiting')}>${number(waiting)}</td>
        <td class="num soft h3">${queue.waits_since && age(queue.waits_since, now)}</td>
        <td class="lim">${limits(queue)}</td>
        <td class="act num">${mayAct() && html`${queue.held && !queue.paused && html`<button class="b s p"
          onClick=${() => steer('queues', queue.name, 'retry')}><${Icon} name="rotate-cw" />${say('action', 'try_now')}</button>`} <button class=${`b s ${queue.paused ? 'p' : ''}`}
          onClick=${() => steer('queues', queue.name, queue.paused ? 'resume' : 'pause')}>
          <${Icon} name=${queue.paused ? 'play' : 'pause'} />${say('act', queue.paused ? 'resume' : 'pause')}</button>`}</td></tr>`;
    })}</tbody></table>
    <p class="soft foot">${label('limits_from', { file: 'settings.toml', option: '@task' })}</p>
    ${processes.length > 0 && html`<h2 class="grp">${label('processes')}</h2><table class="wide" aria-label=${label('processes')}>
      <tbody>${processes.map(({ name, lanes }) => html`<tr key=${name}><td>${name || label('decides')}</td><td class="soft">${Object.entries(lanes)
        .map(([lane, { busy, slots }]) => label('in_one', { n: busy, most: slots, lane })).join(', ')}</td></tr>`)}</tbody></table>`}</div></main>`;
}

function limits({ concurrency, rate, per_day: perDay }) {
  const told = [
    concurrency && say('limit', 'slots', { n: concurrency }),
    rate && rates(rate),
    perDay && say('rate', 'day', { count: perDay }),
  ];
  return told.filter(Boolean).join(', ') || html`<span class="h">–</span>`;
}

export function Schedules() {
  const { schedules, queues, now } = state;
  if (!schedules) return html`<main></main>`;
  if (!schedules.length) {
    return html`<main><div class="list"><div class="empty"><${Icon} name="calendar-clock" /><h2>${label('no_schedules')}</h2>
      <pre tabindex="0">@task(cron="0 7 * * 1-5", timezone="Europe/Berlin")</pre></div></div></main>`;
  }
  return html`<main><div class="list"><table class="wide" aria-label=${label('schedules')}>
    <thead><tr><th>${label('schedule')}</th><th>${label('when')}</th><th>${label('next_run')}</th><th>${label('last')}</th><th class="h3">${label('last_runs')}</th>
      <th><span class="away">${label('actions')}</span></th></tr></thead>
    <tbody>${schedules.map((each) => {
      const next = each.next_at && coming(each.next_at, now);
      return html`<tr key=${each.name}><td>${each.title}${each.paused_at && html`<span class="waiting said">${label('paused')}</span>`}</td>
        <td class="soft" title=${each.cron}><${When} schedule=${each} /></td>
        <td title=${each.next_at ? exact(each.next_at) : ''}>${next ? html`${next.when} <span class="soft">${next.distance}</span>` : label('skipped')}
          ${next && html`<${Stop} queue=${queues?.find(({ name }) => name === each.queue)} />`}</td>
        <td>${each.last && html`<${Link} class="plain" to=${{ view: 'tasks', task: each.last.task_id }}>
          ${each.last.state ? html`<${State} state=${each.last.state} />` : ''} <span class="soft">${ago(each.last.at, now)}</span><//>`}</td>
        <td class="h3"><${Runs} runs=${each.runs} /></td>
        <td class="act num">${mayAct() && html`<button class="b s" onClick=${() => steer('schedules', each.name, 'run')}>${say('action', 'run_now')}</button>${' '}
          <button class="b s" onClick=${() => steer('schedules', each.name, each.paused_at ? 'resume' : 'pause')}>${say('act', each.paused_at ? 'resume' : 'pause')}</button>`}</td></tr>`;
    })}</tbody></table>
    <p class="soft foot">${label('zone', { zone: Intl.DateTimeFormat().resolvedOptions().timeZone })}</p></div></main>`;
}

// What keeps the task of a schedule from starting at its time.
function Stop({ queue }) {
  if (!queue?.paused && !queue?.held) return null;
  const said = queue.paused ? say('cause', 'queue_paused', { queue: queue.name }) : say('advice', 'on_hold', { text: queue.held.reason });
  return html`<span class="waiting said">${said}</span>`;
}

// When a schedule runs: in words, or as it is written if it is none of the common forms.
function When({ schedule: { every, cron, timezone } }) {
  const words = every ? label('every', { span: every }) : cronWords(cron);
  return html`${words || html`<code>${cron}</code>`}${timezone ? `, ${timezone}` : ''}`;
}

// A bar for each run, the newest last: as high as the time it took.
function Runs({ runs }) {
  if (!runs.length) return null;
  const most = Math.max(...runs.map((run) => run.took ?? 0)) || 1;
  const failed = runs.filter((run) => run.state === 'failed').length;
  const told = `${say('count', 'tasks', { n: runs.length })}, ${say('count', 'failed', { n: failed })}`;
  return html`<span class="hist" role="img" aria-label=${told} title=${told}>${[...runs].reverse().map(
    ({ task_id: id, state: name, took }) => html`<i key=${id} class=${name} style=${`height:${4 + (16 * (took ?? 0)) / most}px`}></i>`)}</span>`;
}
