// Queues with their limits, and schedules: what runs when, and what can be paused.

import { html } from './preact.js';
import { Icon } from './icon.js';
import { state, steer } from './live.js';
import { State } from './list.js';
import { Link } from './link.js';
import { ago, coming, exact, number } from './words.js';

export function Queues() {
  const { queues, me, now, stats } = state;
  return html`<main><div class="list"><table class="wide" aria-label="Queues">
    <thead><tr><th>Queue</th><th class="num">Running</th><th class="num">Waiting</th><th class="lim">Limits</th><th><span class="away">Actions</span></th></tr></thead>
    <tbody>${queues.map((queue) => {
      const running = queue.counts.running ?? 0;
      const waiting = (queue.counts.queued ?? 0) + (queue.counts.waiting ?? 0);
      const most = queue.concurrency;
      return html`<tr key=${queue.name}>
        <td><${Link} class="plain" to=${{ view: 'tasks', search: `queue:${queue.name}` }}>${queue.name}<//>
          ${queue.paused && html`<span class="waiting said">Paused ${ago(queue.paused.since, now)} ago</span>`}
          ${queue.held && html`<span class="failed said">${queue.held.reason}</span>`}</td>
        <td class="num" data-l="running">${most ? `${number(running)} of ${number(most)}` : number(running)}
          ${most && html`<span class="meter"><i class=${running >= most ? 'full' : ''} style=${`width:${(100 * running) / most}%`}></i></span>`}</td>
        <td class="num" data-l="waiting">${number(waiting)}</td>
        <td class="lim">${limits(queue)}</td>
        <td class="act num">${me.right === 'act' && html`${queue.held && !queue.paused && html`<button class="b s p"
          onClick=${() => steer('queues', queue.name, 'retry')}><${Icon} name="rotate-cw" />Try now</button>`} <button class=${`b s ${queue.paused ? 'p' : ''}`}
          onClick=${() => steer('queues', queue.name, queue.paused ? 'resume' : 'pause')}>
          <${Icon} name=${queue.paused ? 'play' : 'pause'} />${queue.paused ? 'Resume' : 'Pause'}</button>`}</td></tr>`;
    })}</tbody></table>
    ${stats && html`<p class="soft foot">Running at once: ${Object.entries(stats.lanes).map(
      ([lane, { busy, slots }]) => `${number(busy)} of ${number(slots)} in ${lane}`).join(', ')}.</p>`}
    <p class="soft foot">Limits belong to the deployment. They are set in <code>settings.toml</code>, or by <code>sendoff-tasks queues</code>.</p></div></main>`;
}

function limits({ concurrency, rate, per_day: perDay }) {
  const told = [concurrency && `${number(concurrency)} at once`, rate, perDay && `${number(perDay)} a day`];
  return told.filter(Boolean).join(', ') || html`<span class="h">–</span>`;
}

export function Schedules() {
  const { schedules, me, now } = state;
  if (!schedules.length) {
    return html`<main><div class="list"><div class="empty"><${Icon} name="calendar-clock" /><h2>Nothing runs by itself</h2>
      <pre>@task(cron="0 7 * * 1-5", timezone="Europe/Berlin")</pre></div></div></main>`;
  }
  return html`<main><div class="list"><table class="wide" aria-label="Schedules">
    <thead><tr><th>Schedule</th><th>When</th><th>Next</th><th>Last</th><th><span class="away">Actions</span></th></tr></thead>
    <tbody>${schedules.map((each) => {
      const next = each.next_at && coming(each.next_at, now);
      return html`<tr key=${each.name}><td>${each.title}${each.paused_at && html`<span class="waiting said">Paused</span>`}</td>
        <td class="soft">${each.every ? `Every ${each.every}` : html`<code>${each.cron}</code>`}${each.timezone ? `, ${each.timezone}` : ''}</td>
        <td title=${each.next_at ? exact(each.next_at) : ''}>${next ? html`${next.when} <span class="soft">${next.distance}</span>` : '–'}</td>
        <td>${each.last && html`<${Link} class="plain" to=${{ view: 'tasks', task: each.last.task_id }}>
          ${each.last.state ? html`<${State} state=${each.last.state} />` : ''} <span class="soft">${ago(each.last.at, now)}</span><//>`}</td>
        <td class="act num">${me.right === 'act' && html`<button class="b s" onClick=${() => steer('schedules', each.name, 'run')}>Run now</button>${' '}
          <button class="b s" onClick=${() => steer('schedules', each.name, each.paused_at ? 'resume' : 'pause')}>${each.paused_at ? 'Resume' : 'Pause'}</button>`}</td></tr>`;
    })}</tbody></table>
    <p class="soft foot">Times are yours: ${Intl.DateTimeFormat().resolvedOptions().timeZone}.</p></div></main>`;
}
