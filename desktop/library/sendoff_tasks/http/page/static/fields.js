// The arguments of a function: fields from its JSON Schema, what they show, and what is sent.

import { exactly } from './api.js';
import { label, say } from './words.js';

const HIDDEN = '•••'; // what the server tells in place of a secret
const NUMBER = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;
const ZONE = /(Z|[+-]\d\d:?\d\d)$/;
const HINTS = { time: '09:30', duration: 'PT1H30M', email: 'name@example.org' };
const ANY = '12, true or [1, 2]';
const DEPTH = 3; // levels that the example of a value shows

/** Return the fields of a function's parameters, filled with the arguments of a task if given. */
export function fieldsOf({ parameters }, task) {
  const { properties = {}, required = [], additionalProperties, $defs = {} } = parameters;
  const whole = (schema) => (schema.$ref ? whole($defs[schema.$ref.split('/').at(-1)] ?? {}) : schema);
  const stored = task ? argumentsOf(task, properties) : {};
  const fieldOf = (name, schema, place) =>
    makeField({ name, schema, place, whole, stored: stored[name], isRequired: required.includes(name) });
  const fields = Object.entries(properties).map(([name, schema]) =>
    fieldOf(name, schema, schema['x-rest'] ? 'rest' : schema['x-by-place'] ? 'placed' : 'named'),
  );
  if (!additionalProperties) return fields;
  const others = Object.keys(stored).filter((name) => !(name in properties));
  const more = { type: 'object', title: label('more_arguments'), default: {} };
  return [...fields, ...others.map((name) => fieldOf(name, {}, 'named')), fieldOf('', more, 'others')];
}

function argumentsOf(task, properties) {
  const rest = Object.keys(properties).find((name) => properties[name]['x-rest']);
  const single = Object.keys(properties).filter((name) => name !== rest);
  const placed = Object.fromEntries(task.args.slice(0, single.length).map((value, place) => [single[place], value]));
  return { ...placed, ...(rest && { [rest]: task.args.slice(single.length) }), ...task.kwargs };
}

function makeField({ name, schema, place, whole, stored, isRequired }) {
  const kinds = (whole(schema).anyOf ?? [whole(schema)]).map(whole);
  const others = kinds.filter((each) => each.type !== 'null');
  const inner = others.length === 1 ? others[0] : { anyOf: others, format: whole(schema).format };
  const isNullable = others.length < kinds.length;
  const value = stored === undefined ? schema.default : stored;
  const isKept = (JSON.stringify(stored) ?? '').includes(HIDDEN);
  const isOpen = isNullable || isKept || (!isRequired && value === undefined);
  const isEmpty = isKept || value === undefined || (value === null && isNullable);
  const known = kindOf(inner, isOpen);
  const control = isEmpty || fits(known, value) ? known : { kind: 'json' };
  const isShaped = inner.type === 'array' || inner.type === 'object';
  const example = isShaped ? JSON.stringify(exampleOf(inner, whole, DEPTH)) : ANY;
  return {
    ...control,
    name,
    place,
    isNullable,
    isKept,
    isNeeded: isRequired && stored === undefined,
    isNaive: typeof value === 'string' && !ZONE.test(value),
    isSecret: Boolean(schema.writeOnly || inner.writeOnly),
    label: schema.title ?? inWords(name),
    help: schema.description ?? '',
    hint: control.kind === 'json' ? label('json_like', { example }) : HINTS[inner.format] ?? '',
    initial: isEmpty ? (control.kind === 'check' ? false : '') : shown(control, value),
  };
}

function inWords(name) {
  const words = name.replace(/^_+|_+$/g, '').replaceAll('_', ' ');
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

function kindOf(schema, isOpen) {
  const types = (schema.anyOf ?? [schema]).map((each) => each.type);
  if ('enum' in schema || 'const' in schema) return { kind: 'choice', choices: choicesOf(schema) };
  if (schema.type === 'boolean') {
    return isOpen ? { kind: 'choice', choices: choicesOf({ enum: [true, false] }) } : { kind: 'check' };
  }
  if (types.every((type) => type === 'integer' || type === 'number')) return { kind: 'number' };
  if (schema.type !== 'string' && schema.format !== 'decimal') return { kind: 'json' };
  return { kind: { date: 'date', 'date-time': 'moment' }[schema.format] ?? 'line' };
}

function choicesOf(schema) {
  const values = 'enum' in schema ? schema.enum : [schema.const];
  const words = { true: label('yes'), false: label('no') };
  return values.map((value, place) => {
    const member = schema['x-members']?.[place]; // so is it written in a record
    const named = member ? inWords(member.toLowerCase()) : words[value] ?? JSON.stringify(value);
    return { value, member, text: typeof value === 'string' && value ? value : named };
  });
}

function placeOf(choices, wanted) {
  const place = choices.findIndex(({ value }) => value === wanted);
  return place < 0 ? choices.findIndex(({ member }) => member === wanted) : place;
}

function fits({ kind, choices }, value) {
  if (kind === 'choice') return placeOf(choices, value) >= 0;
  if (kind === 'number') return typeof value === 'number' || Boolean(JSON.isRawJSON?.(value));
  if (kind === 'check') return typeof value === 'boolean';
  if (kind === 'json') return true;
  if (kind === 'date') return /^\d{4}-\d\d-\d\d$/.test(value);
  return typeof value === 'string' && (kind !== 'moment' || !Number.isNaN(Date.parse(value)));
}

function shown({ kind, choices }, value) {
  if (kind === 'choice') return String(placeOf(choices, value));
  if (kind === 'json' || kind === 'number') return JSON.stringify(value, null, 2);
  if (kind !== 'moment') return value;
  if (!ZONE.test(value)) return value.slice(0, 19);
  const at = new Date(value);
  return new Date(at - at.getTimezoneOffset() * 60e3).toISOString().slice(0, 19); // as a clock here
}

function exampleOf(schema, whole, depth) {
  if (schema.default !== undefined && schema.default !== null) return schema.default;
  const outer = whole(schema);
  const plain = whole(outer.anyOf?.find((each) => each.type !== 'null') ?? outer);
  if ('enum' in plain || 'const' in plain) return choicesOf(plain)[0].value;
  if (plain.type === 'object') {
    const inside = Object.entries((depth && plain.properties) || {});
    return Object.fromEntries(inside.map(([name, each]) => [name, exampleOf(each, whole, depth - 1)]));
  }
  if (plain.type === 'array') return depth ? [exampleOf(plain.items ?? {}, whole, depth - 1)] : [];
  return { integer: 1, number: 1, boolean: true }[plain.type] ?? '…';
}

/** Return `args` and `kwargs` of what is typed, or what is `wrong`, by the names of fields.

Of a task that is to be like another one, only what was changed is sent.
*/
export function callOf(fields, typed, isLike) {
  const wrong = {};
  const read = (field) => {
    try {
      return valueOf(field, typed[field.name] ?? field.initial);
    } catch (error) {
      wrong[field.name] = error.message;
      return null;
    }
  };
  const isSent = (field) => field.isNeeded || (typed[field.name] ?? field.initial) !== field.initial;
  const rest = fields.find(({ place }) => place === 'rest');
  const placed = fields.filter(({ place }) => place === 'placed');
  const isRestSent = rest && isSent(rest);
  const last = isRestSent ? placed.length : isLike ? 0 : placed.findLastIndex(isSent) + 1;
  const args = placed.slice(0, last).map(read);
  if (isRestSent) args.push(...(read(rest) ?? []));
  const kwargs = {};
  for (const field of [...placed.slice(last), ...fields.filter(({ place }) => place === 'named' || place === 'others')]) {
    if (!isSent(field)) continue;
    if (field.place === 'others') Object.assign(kwargs, read(field));
    else kwargs[field.name] = read(field);
  }
  return Object.keys(wrong).length ? { wrong } : { ...(args.length > 0 && { args }), kwargs };
}

function valueOf(field, typed) {
  if (typed === '') {
    if (field.isNullable && !field.isKept) return null;
    if (field.kind === 'line' && !field.isNeeded && !field.isKept) return '';
    throw new Error(say('value', 'missing'));
  }
  if (field.kind === 'choice') return field.choices[typed].value;
  if (field.kind === 'number') return NUMBER.test(typed.trim()) ? JSON.parse(typed, exactly) : typed; // the API refuses it
  if (field.kind === 'moment') return field.isNaive ? typed : new Date(typed).toISOString();
  return field.kind === 'json' ? parsed(field, typed) : typed;
}

function parsed({ place }, typed) {
  let value;
  try {
    value = JSON.parse(typed, exactly);
  } catch (error) {
    throw new Error(label('not_json', { why: error.message }));
  }
  if (place === 'others' && (!value || value.constructor !== Object)) throw new Error(say('value', 'dict_type'));
  if (place === 'rest' && !Array.isArray(value)) throw new Error(say('value', 'list_type'));
  return value;
}

/** Return the API's errors by the names of their fields, and those of no field as `loose`. */
export function besideFields(fields, errors) {
  const placed = fields.filter(({ place }) => place === 'placed');
  const others = fields.find(({ place }) => place === 'others' || place === 'rest');
  const wrong = {};
  const loose = [];
  for (const { path, message } of errors) {
    const [where, name, ...inside] = path.split('.');
    const field = where === 'args' ? placed[name] : fields.find((each) => each.name === name);
    const found = name && (field ?? others);
    if (found) wrong[found.name] ??= [...inside, message].join(': ');
    else loose.push(message);
  }
  return { wrong, loose };
}
