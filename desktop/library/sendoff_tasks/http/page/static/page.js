// The page: its frame, and the view that is chosen.

import { now } from './api.js';
import { Component, html, render } from './preact.js';
import { Causes, needsPerson } from './causes.js';
import { Detail } from './detail.js';
import { Log } from './log.js';
import { Login } from './login.js';
import { Queues, Schedules } from './queues.js';
import { Run } from './run.js';
import { List, SearchBar, press } from './list.js';
import { begin, change, isOpened, logOut, mayAct, mayRun, onChange, state, undo } from './live.js';
import { Link } from './link.js';
import { FILTERS, countOf } from './search.js';
import { label, number, say, seconds } from './words.js';
import { Icon } from './icon.js';

const EVERY_MS = 100; // between two drawings of changes that tasks make by themselves
const FIGURES = ['under_way', 'waiting', 'failed']; // the filters that are counted above each view
const VIEWS = ['tasks', 'causes', 'queues', 'schedules', 'log'];

function Top() {
  const { at, me, causes, lostAt } = state;
  const what = lostAt ? 'no_connection' : mayAct() ? 'live' : 'watching';
  return html`<header class="top">
    <span class="brand"><span class="mark"><${Icon} name="send" /></span><span class="el">${me.title}</span></span>
    <nav aria-label=${label('views')}>${VIEWS.map(
      (view) => html`<${Link} to=${{ view, task: null, cause: null }}
        aria-current=${at.view === view ? 'page' : undefined}>
        ${label(view)} ${view === 'causes' && causes?.length ? html`<b class=${causes.some(needsPerson) ? 'failed' : ''}>${causes.length}</b>` : ''}<//>`,
    )}</nav>
    <span class="live">${state.functions?.length > 0 && html`<${Link} class="b s" to=${{ view: 'run', task: null, cause: null }}>
      <${Icon} name="play" />${say('act', 'run')}…<//>`}<span class=${lostAt ? 'dot off' : 'dot'}></span>${label(what)}
      ${me.token && html`<button class="b g s" onClick=${logOut}>${label('sign_out')}</button>`}</span>
  </header>`;
}

function Overview() {
  const { stats, overview, lostAt } = state;
  if (!stats) return html`<div class="over"></div>`;
  return html`<div class=${lostAt ? 'over stale' : 'over'}>
    ${FILTERS.filter(({ name }) => FIGURES.includes(name)).map(({ name, title, tone }) => {
      const count = countOf(stats, name);
      return html`<${Link} key=${name} to=${{ view: 'tasks', search: `state:${name}`, task: null, cause: null }}>
        <b class=${name === 'failed' && count ? tone : ''}>${number(count)}</b><span>${title}</span><//>`;
    })}
    <div class="rate"><b>${rate(stats.rates.finished)}</b>
      <span>${label('a_second')}</span></div>
    ${overview && html`<${Spark} points=${overview.points} />`}
  </div>`;
}

const rate = (value) => (value && value < 10 ? value.toFixed(1) : number(Math.round(value)));

function Spark({ points }) {
  const most = Math.max(1, ...points.map((point) => point.done + point.failed));
  const step = 132 / Math.max(1, points.length - 1);
  const line = points.map((point, place) => `${(place * step).toFixed(1)},${(26 - (24 * (point.done + point.failed)) / most).toFixed(1)}`);
    return html`<svg class="spark" width="132" height="28" viewBox="0 0 132 28" role="img" aria-label=${label('ended', { n: most })}>
    <polygon points=${`0,28 ${line.join(' ')} 132,28`} fill="var(--accent)" opacity=".14" />
    <polyline points=${line.join(' ')} fill="none" stroke="var(--accent)" stroke-width="1.5" />
    ${points.map((point, place) => {
      const height = point.failed && 3 + (12 * point.failed) / most;
      return height ? html`<rect x=${place * step - 1} y=${28 - height} width="2" height=${height} fill="var(--failed)" />` : null;
    })}
  </svg>`;
}

function Lost() {
  const { lostAt, lostBy, me } = state;
  if (!lostAt) return null;
  const next = label(isOpened() ? 'open_again' : 'tried_again');
  const told = { title: me?.title ?? '', when: seconds(lostAt, state.now), why: lostBy || next };
  return html`<div class="note" role="status"><${Icon} name="unplug" tone="waiting" />
    <span>${label('lost', told)}</span></div>`;
}

function Toast() {
  const { toast, undo: pending } = state;
  if (pending) {
    return html`<div class="toast" role="status"><span>${pending.text}</span>
      <button class="b s" onClick=${undo}>${say('action', 'undo')}</button></div>`;
  }
  if (!toast) return null;
  return html`<div class="toast" role="alert"><span>${toast}</span>
    <button class="b s" onClick=${() => change({ toast: '' })}>${label('close')}</button></div>`;
}

function Body() {
  const { at } = state;
  if (at.view === 'causes') return html`<${Causes} />`;
  if (at.view === 'queues') return html`<${Queues} />`;
  if (at.view === 'schedules') return html`<${Schedules} />`;
  if (at.view === 'log') return html`<${Log} />`;
  if (at.view === 'run' && mayRun()) return html`<${Run} key=${at.task ?? ''} />`;
  return html`<main class=${at.task ? 'open phone' : ''}><${Lost} /><${List} />
    ${at.task && html`<${Detail} detail=${state.detail} />`}</main>`;
}

class Page extends Component {
  componentDidMount() {
    let isAsked = false;
    let drawnAt = -EVERY_MS;
    const draw = () => {
      isAsked = false;
      drawnAt = performance.now();
      state.now = now();
      this.setState({});
    };
    const drawNext = () => (document.hidden ? setTimeout : requestAnimationFrame)(draw);
    onChange((isSlow) => {
      if (isAsked === 'next' || (isAsked && isSlow)) return;
      if (isSlow) setTimeout(drawNext, drawnAt + EVERY_MS - performance.now());
      else drawNext();
      isAsked = isSlow ? 'later' : 'next';
    });
    setInterval(() => !document.hidden && draw(), 1000);
    addEventListener('keydown', press);
    begin();
  }

  render() {
    const { me, at } = state;
    if (!me) return html`<${Lost} />`;
    const view = at.view === 'run' ? 'run_task' : VIEWS.includes(at.view) ? at.view : 'tasks';
    document.title = `${label(view)} · ${me.title}`;
    const isOne = at.view === 'causes' ? state.causes?.some((each) => each.cause === at.cause) : at.view === 'tasks' && at.task;
    document.body.className = isOne ? 'phone' : '';
    if (me.right === 'none') return html`<${Login} />`;
    return html`<${Top} /><${Overview} />
      ${at.view === 'tasks' ? html`<${SearchBar} />` : html`<div class=${at.view === 'log' ? '' : 'rule'}></div>`}
      <${Body} /><${Toast} />`;
  }
}

state.now = now();
render(html`<${Page} />`, document.body);
