// Who did what: what people asked for, with a filter and an export.

import { Component, html } from './preact.js';
import { MARK, get } from './api.js';
import { Icon } from './icon.js';
import { change, state } from './live.js';
import { Link } from './link.js';
import { filterOf } from './search.js';
import { ago, exact, label, number, say, verbs } from './words.js';

const RUNS = 4; // runs of numbers that a row names
const AGAIN_MS = 5000;

const words = (verb) => say('act', verb) || verb;

/** Return the query of a typed filter: a number, a verb or a part of a name, and times. */
function asked(typed) {
  const { text = '', since, until } = filterOf(typed);
  const word = text.trim();
  const task = /^#?(\d+)$/.exec(word);
  if (task) return { task: task[1], since, until };
  const verb = verbs.find((each) => [each, words(each).toLowerCase()].includes(word.toLowerCase()));
  return { ...(verb ? { verb } : { who: word }), since, until };
}

export class Log extends Component {
  constructor() {
    super();
    this.typed = '';
  }

  componentDidMount() {
    this.read();
    this.timer = setInterval(() => !document.hidden && !this.isLong && this.read(), AGAIN_MS);
  }

  componentWillUnmount() {
    clearInterval(this.timer);
  }

  async read(after) {
    const { typed } = this;
    try {
      const page = await get('acts', { ...asked(typed), after });
      if (typed !== this.typed) return;
      this.isLong = Boolean(after);
      change({ acts: after ? [...state.acts, ...page.acts] : page.acts, moreActs: page.next });
    } catch (error) {
      if (error.status && error.status < 500) change({ toast: error.message });
    }
  }

  async save() {
    const query = Object.entries(asked(this.typed)).filter(([, value]) => value);
    const answer = await fetch(`api/acts/export?${new URLSearchParams(query)}`, { headers: MARK });
    if (!answer.ok) return change({ toast: label('no_export') });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(await answer.blob());
    link.download = 'log.csv';
    link.click();
    return URL.revokeObjectURL(link.href);
  }

  render() {
    const { acts, moreActs, now } = state;
    const typed = (event) => {
      this.typed = event.target.value;
      clearTimeout(this.pause);
      this.pause = setTimeout(() => this.read(), 250);
    };
    return html`<main><div class="list log"><div class="bar">
        <label class="f search"><${Icon} name="search" /><input id="who" type="search" spellcheck="false" autocomplete="off"
          placeholder=${label('log_words')} aria-label=${label('log_filter')} onInput=${typed} /></label>
        <button class="b" onClick=${() => this.save()}>${label('export')}</button></div>
      ${!acts ? '' : acts.length ? html`<table class="wide" aria-label=${label('log')}>
        <thead><tr><th>${label('who')}</th><th>${label('what')}</th><th class="num">${label('tasks')}</th><th>${label('when')}</th></tr></thead>
        <tbody>${acts.map((act) => html`<tr key=${act.id}><td>${act.who || '–'}</td>
          <td class="runs"><${About} act=${act} /></td>
          <td class="num" data-l=${act.count > 1 ? label('tasks') : null}>${act.count > 1 ? number(act.count) : ''}</td>
          <td class="soft" title=${exact(act.at)}>${ago(act.at, now)}</td></tr>`)}</tbody></table>
        ${moreActs && html`<p class="foot"><button class="b s" onClick=${() => this.read(moreActs)}>${label('more')}</button></p>`}`
      : html`<div class="empty"><${Icon} name="check" /><h2>${label(this.typed ? 'nothing_found' : 'no_acts')}</h2></div>`}
    </div></main>`;
  }
}

function About({ act }) {
  const verb = words(act.verb);
  if (act.kind !== 'task') return say('act_about', act.name ? act.kind : 'all', { verb, name: act.name }) || verb;
  const named = act.tasks.slice(0, RUNS).map(([first, last], place) => html`${place ? ', ' : ''}
    <${Link} to=${{ view: 'tasks', search: '', task: first }}>#${first}${last > first ? `–${last}` : ''}<//>`);
  const undone = act.verb === 'undo' ? `${words(act.name)} ` : '';
  return html`${verb} ${undone}${named}${act.tasks.length > RUNS ? ` ${label('and_more')}` : ''}`;
}
