// One task, whole, in one scroll: what happened, what helps, attempts, log, arguments, result.

import { html } from './preact.js';
import { Icon } from './icon.js';
import { act, go, mayAct, state } from './live.js';
import { Link } from './link.js';
import { start, why } from './reasons.js';
import { canCancel, canRetry, retryWord } from './search.js';
import { ICON, exact, label, lookOf, number, say, seconds, span, stateWord } from './words.js';

const FOLDED = 40; // lines

const OUTCOME = { failed: 'failed', crashed: 'failed', uncertain: 'uncertain', succeeded: 'succeeded', running: 'running', cancelled: 'cancelled' };

export function Detail({ detail }) {
  if (!detail) return html`<aside aria-label=${label('task')}></aside>`;
  const close = () => go({ task: null });
  const head = (children) => html`<header>
    <button class="b g ic back" onClick=${close} aria-label=${label('back')}><${Icon} name="chevron-left" /></button>
    <h2 class="el">${detail.task ?? label('task')} <span>#${number(detail.id)}</span></h2>${children}
    <button class="b g s ic x" onClick=${close} aria-label=${label('close')}><${Icon} name="x" /></button></header>`;
  if (detail.missing) return html`<aside>${head()}<section><p>${detail.missing}</p></section></aside>`;
  return html`<aside tabindex="-1" aria-label=${`${label('task')} ${detail.id}`}>${head(html`<${Deeds} task=${detail} />`)}
    <${What} task=${detail} /><${Attempts} task=${detail} /><${Log} lines=${detail.log} />
    <${Arguments} task=${detail} /><${Result} task=${detail} /></aside>`;
}

function Deeds({ task }) {
  if (!mayAct()) return null;
  const retry = retryWord([task.state]);
  if (task.state !== 'uncertain') {
    return html`${canRetry(task) && html`<button class=${`b s ${isPermanent(task) ? '' : 'p'}`} onClick=${() => act('retry', { ids: [task.id] }, retry)}><${Icon} name="rotate-cw" />${retry}</button>`}
      ${canCancel(task) && html`<button class="b s" onClick=${() => act('cancel', { ids: [task.id] })}><${Icon} name="ban" />${say('action', 'cancel')}</button>`}`;
  }
  const settle = (action) => act(action, { ids: [task.id] });
  const again = () => confirm(evidence(task)) && settle('again');
  return html`<button class="b s" onClick=${() => settle('done')}>${say('action', 'done')}</button>
    <button class="b s" onClick=${again}>${say('action', 'again')}…</button>`;
}

/** Return what is known of an uncertain task: it may be done twice. */
export function evidence(task) {
  const { what, to, at } = task.handed_over ?? {};
  const fields = { what: what || say('evidence', 'its_work'), to, when: at && seconds(at, state.now) };
  const told = at ? say('evidence', to ? 'handed_over_to' : 'handed_over', fields) : task.error ?? why(task, state.now);
  return `${told}\n${say('evidence', 'twice', { title: task.title })}`;
}

function What({ task }) {
  const cause = task.cause && state.causes?.find((each) => each.cause === task.cause);
  const look = lookOf(task);
  const isOpen = !['succeeded', 'cancelled'].includes(task.state);
  const part = task.progress?.total ? task.progress.done / task.progress.total : null;
  const facts = [
    [label('added'), html`<span title=${exact(task.created_at)}>${seconds(task.created_at, state.now)}</span>`],
    [label('to'), task.to],
    [label('queue'), label('in_lane', task)],
    [label('repeats'), task.resend_of && html`<${Link} to=${{ task: task.resend_of }}>#${number(task.resend_of)}<//>`],
    [label('repeated_by'), task.repeated_by && html`<${Link} to=${{ task: task.repeated_by }}>#${number(task.repeated_by)}<//>`],
    [label('steps'), task.steps.length > 0 && task.steps.join(', ')],
    [label('awaited_by'), task.followers.length > 0 && html`<${Followers} task=${task} />`],
  ].filter(([, value]) => value);
  return html`<section>
    <p class=${`head ${look}`}><${Icon} name=${ICON[look]} />
    <span>${stateWord(look, task.queue)}${task.error && isOpen ? `: ${task.error}` : ''}</span></p>
    ${[why(task, state.now), start(task, state.now)].map((said) => said && html`<p class="say">${said}</p>`)}
    ${part != null && task.state === 'running' && html`<div class="prog"><i style=${`width:${100 * part}%`}></i></div>`}
    ${cause && cause.count > 0 && html`<div class="help"><span>${label('with_cause', { n: cause.count })}</span>
      <${Link} to=${{ view: 'causes', cause: cause.cause, task: null }}>${label('show_cause')}<//></div>`}
    ${canRunLike(task) && html`<p class="deeds"><${Link} class=${`b s ${isPermanent(task) ? 'p' : ''}`} to=${{ view: 'run' }}><${Icon} name="play" />${label('run_again')}…<//></p>`}
    <dl>${facts.map(([name, value]) => html`<dt>${name}</dt><dd>${value}</dd>`)}</dl></section>`;
}

// Whether the same call would fail again.
const isPermanent = ({ state: of, reason, error }) => of === 'failed' && (reason === 'final_answer' || /^(Value|Type|Validation)Error\b/.test(error ?? ''));

const canRunLike = (task) => state.functions?.some((each) => each.name === task.task);

function Followers({ task }) {
  return task.followers.map((id, place) => html`${place ? ', ' : ''}<${Link} to=${{ task: id }}>#${number(id)}<//>`);
}

function Attempts({ task }) {
  if (!task.history.length) return null;
  const last = [...task.history].reverse().find((each) => each.traceback);
  return html`<section><h3>${label('attempts')}</h3>${task.history.map((each, place) => {
    const isKept = each.outcome === 'succeeded' && (place < task.history.length - 1 || task.state !== 'succeeded' || task.reason === 'kept');
    const tone = isKept ? 'kept' : OUTCOME[each.outcome] ?? 'waiting';
    const lasted = each.finished_at ? span((Date.parse(each.finished_at) - Date.parse(each.started_at)) / 1000) : '';
    const isSame = place > 0 && each.error && each.error === task.history[place - 1].error;
    const number_ = each.count > 1 ? `${each.attempt - each.count + 1}–${each.attempt}` : each.attempt;
    return html`<div class="att"><${Icon} name=${ICON[tone]} tone=${tone} /><span>${number_}</span>
      <span class="soft" title=${exact(each.started_at)}>${seconds(each.started_at, state.now)}</span><span class="soft">${lasted}</span>
      <span class="el" title=${each.error ?? ''}>${isSame ? label('same') : each.error ?? stateWord(tone, task.queue)}</span></div>`;
  })}${last && html`<pre tabindex="0" aria-label=${label('traceback')}>${traced(last.traceback.trimEnd())}</pre>`}</section>`;
}

// A traceback, with calls of libraries folded into one line each; they can be opened.
function traced(text) {
  const parts = [];
  for (const line of text.split('\n')) {
    const isFrame = /^ {2}File "/.test(line);
    const isLibrary = isFrame ? /site-packages|dist-packages|[\\/]lib[\\/]python/.test(line) : parts.at(-1)?.isLibrary && line.startsWith('    ');
    if (isFrame || !parts.length || !line.startsWith('    ')) {
      const isJoined = isLibrary && parts.at(-1)?.isLibrary;
      if (isJoined) parts.at(-1).lines.push(line);
      else parts.push({ isLibrary, isFrame, lines: [line] });
      if (isFrame && isJoined) parts.at(-1).count += 1;
      else if (isFrame) parts.at(-1).count = 1;
    } else parts.at(-1).lines.push(line);
  }
  return parts.map((part) => {
    const lines = part.lines.join('\n');
    if (part.isLibrary) {
      return html`<details class="lib"><summary>${label('libraries', { n: part.count })}</summary>${lines}</details>`;
    }
    const isError = !part.isFrame && /^[\w.]+(Error|Exception|:)/.test(lines);
    return html`<span class=${isError ? 'err' : part.isFrame ? '' : 'lib'}>${lines}${'\n'}</span>`;
  });
}

function Log({ lines }) {
  if (!lines.length) return null;
  return html`<section><h3>${label('log')}</h3><pre tabindex="0" aria-label=${label('log')}>${lines.map((line) => html`<span class="key">${seconds(line.at, state.now)}</span> <span
    class=${{ warning: 'warn', error: 'err' }[line.level] ?? ''}>${line.text}</span>${'\n'}`)}</pre></section>`;
}

function Arguments({ task }) {
  const named = task.args.map((value, place) => [task.parameters[place] ?? `${place + 1}`, value]);
  const all = [...named, ...Object.entries(task.kwargs)];
  if (!all.length) return null;
  const wide = Math.max(...all.map(([name]) => name.length));
  return html`<section><h3>${label('arguments')}</h3><${Long} text=${all.map(([name, value]) => `${name.padEnd(wide)}  ${written(value)}`).join('\n')} /></section>`;
}

function Result({ task }) {
  if (task.state !== 'succeeded' || task.result === null) return null;
  return html`<section><h3>${label('result')}</h3><${Long} text=${written(task.result)} /></section>`;
}

// JSON in which characters that turn the direction of a text are seen.
function written(value) {
  const turns = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
  return JSON.stringify(value, null, 2).replace(turns, (each) => `\\u${each.charCodeAt(0).toString(16)}`);
}

function Long({ text }) {
  const lines = text.split('\n');
  if (lines.length <= FOLDED) return html`<pre tabindex="0">${text}</pre>`;
  return html`<details><summary>${label('lines', { n: lines.length })}</summary><pre tabindex="0">${text}</pre></details>`;
}
