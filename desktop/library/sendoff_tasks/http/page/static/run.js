// Runs a function: a form made from its signature, empty or filled with the arguments of a task.

import { Refused, newKey } from './api.js';
import { evidence } from './detail.js';
import { besideFields, callOf, fieldsOf } from './fields.js';
import { Icon } from './icon.js';
import { Link } from './link.js';
import { runTask, state } from './live.js';
import { Component, html } from './preact.js';
import { label, say } from './words.js';

export class Run extends Component {
  constructor() {
    super();
    this.state = { name: '', typed: {}, wrong: {}, loose: '', isAsked: false };
    this.asked = {}; // the last call and its key: the same call has one effect
  }

  componentDidMount() {
    this.componentDidUpdate();
  }

  /** The first field has the focus once the form is there. */
  componentDidUpdate() {
    const first = !this.isThere && document.querySelector('form.run :is(select, input, textarea)');
    first?.focus?.();
    this.isThere ||= Boolean(first);
  }

  /** The task whose arguments are taken, and the function that is chosen. */
  get chosen() {
    const like = state.at.task && state.detail?.id === state.at.task ? state.detail : null;
    const name = state.at.task ? like?.task : this.state.name;
    return { like, chosen: state.functions?.find((each) => each.name === name) };
  }

  async run(event) {
    event.preventDefault();
    const { like, chosen } = this.chosen;
    const fields = fieldsOf(chosen, like);
    const { wrong, ...call } = callOf(fields, this.state.typed, Boolean(like));
    this.tell(wrong ?? {}, '');
    if (wrong || this.state.isAsked) return;
    if (like?.state === 'uncertain' && !confirm(evidence(like))) return;
    const body = { task: chosen.name, ...(like && { like: like.id }), ...call };
    const text = JSON.stringify(body);
    if (this.asked.text !== text) this.asked = { text, key: newKey() };
    this.setState({ isAsked: true });
    try {
      await runTask(body, this.asked.key);
    } catch (error) {
      const known = error instanceof Refused && error.errors.length ? besideFields(fields, error.errors) : { wrong: {}, loose: [] };
      const loose = Object.keys(known.wrong).length ? known.loose : [error instanceof Refused ? error.message : label('no_connection')];
      this.setState({ isAsked: false });
      this.tell(known.wrong, loose.join(' '));
    }
  }

  /** Say what is wrong, and go to the first field of it. */
  tell(wrong, loose) {
    this.setState({ wrong, loose }, () => document.querySelector('form [aria-invalid=true]')?.focus());
  }

  render() {
    const { typed, wrong, loose, isAsked } = this.state;
    const { like, chosen } = this.chosen;
    const { functions, at } = state;
    if (!functions || (at.task && !state.detail)) return html`<main></main>`;
    const fields = chosen ? fieldsOf(chosen, like) : [];
    const type = (name, value) => this.setState({ typed: { ...typed, [name]: value }, wrong: { ...wrong, [name]: undefined } });
    const choose = (event) => this.setState({ name: event.target.value, typed: {}, wrong: {}, loose: '' });
    return html`<main><div class="list"><form class="run" onSubmit=${(event) => this.run(event)} noValidate>
      <h2>${chosen && like ? `${chosen.title}: ` : ''}${label(like ? 'run_again' : 'run_task')}</h2>
      ${like?.error && html`<p class="failed">${like.error}</p>`}
      ${like ? html`<p class="soft">${label('unchanged', { task: `#${like.id}` })}</p>` : html`<div><label class="lab" for="function">${label('task')}</label>
        <select class="f" id="function" value=${this.state.name} onChange=${choose}><option value=${''} disabled>${label('choose')}</option>
          ${functions.map((each) => html`<option key=${each.name} value=${each.name}>${each.title}</option>`)}</select></div>`}
      ${like?.missing && html`<p class="failed" role="alert">${like.missing}</p>`}
      ${chosen && html`<div class="soft"><p>${label('queue')}: ${label('in_lane', chosen)}</p>
        ${chosen.doc && html`<p class="doc">${chosen.doc}</p>`}</div>
        ${fields.map((field) => html`<${Field} key=${field.name} field=${field} typed=${typed[field.name] ?? field.initial}
          wrong=${wrong[field.name]} onType=${(value) => type(field.name, value)} />`)}
        ${!fields.length && html`<p class="soft">${label('no_arguments')}</p>`}
        ${loose && html`<p class="failed" role="alert">${loose}</p>`}
        <p><button class="b p" disabled=${isAsked}><${Icon} name="play" />${say('act', 'run')}</button>${' '}
          <${Link} class="b" to=${{ view: 'tasks' }}>${say('action', 'cancel')}<//></p>`}
    </form></div></main>`;
  }
}

function Field({ field, typed, wrong, onType }) {
  const id = `argument-${field.name}`;
  const help = field.isKept ? label('kept_help') : field.help;
  const own = {
    id,
    'aria-invalid': wrong ? true : undefined,
    'aria-describedby': wrong || help ? `${id}-help` : undefined,
    class: `f ${wrong ? 'bad' : ''}`,
    value: typed,
    placeholder: field.isKept ? label('kept') : field.hint,
    autocomplete: 'off',
    spellcheck: false,
    onInput: (event) => onType(field.kind === 'check' ? event.target.checked : event.target.value),
  };
  const told = (wrong || help) && html`<p id=${`${id}-help`} class=${wrong ? 'failed' : 'soft'}>${wrong || help}</p>`;
  if (field.kind === 'check') {
    return html`<div><label class="check"><input type="checkbox" ...${own} class="" checked=${typed} />${field.label}</label>${told}</div>`;
  }
  return html`<div><label class="lab" for=${id}>${field.label}</label><${Control} field=${field} own=${own} />${told}</div>`;
}

function Control({ field, own }) {
  if (field.kind === 'choice') {
    const none = field.isKept ? label('kept') : field.isNeeded ? label('choose') : label('none');
    const hasNone = field.initial === '' || field.isNullable;
    return html`<select ...${own}>${hasNone && html`<option value=${''}>${none}</option>`}
      ${field.choices.map(({ text }, place) => html`<option key=${place} value=${String(place)}>${text}</option>`)}</select>`;
  }
  if (field.kind === 'json' || String(field.initial).includes('\n')) {
    return html`<textarea ...${own} rows=${Math.min(12, Math.max(2, String(own.value).split('\n').length))}></textarea>`;
  }
  const type = { date: 'date', moment: 'datetime-local' }[field.kind] ?? (field.isSecret ? 'password' : 'text');
  return html`<input type=${type} step=${field.kind === 'moment' ? 1 : undefined} inputmode=${field.kind === 'number' ? 'decimal' : undefined}
    ...${own} autocomplete=${field.isSecret ? 'new-password' : 'off'} />`;
}
