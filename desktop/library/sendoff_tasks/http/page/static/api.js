// Calls of the tasks' API, and its stream of events. Addresses are relative, so any mount works.

import { label } from './words.js';

export const MARK = { 'X-Sendoff-Page': '1' };

/** An answer that is no success: its status, its sentence for a person, and the bad fields. */
export class Refused extends Error {
  constructor(status, detail, errors = []) {
    super(detail);
    this.status = status;
    this.errors = errors;
  }
}

let ahead = 0; // ms by which the server's clock is ahead of the browser's, if it is seconds
/** Return the time by the server's clock, in ms. */
export const now = () => Date.now() + ahead;

function told(at, sent) {
  const found = Date.parse(at) - sent;
  if (Math.abs(found - ahead) > 5000) ahead = found;
}

/** Keep the digits of a number that JavaScript would round. */
export const exactly = (key, value, { source } = {}) =>
  Number.isInteger(value) && !Number.isSafeInteger(value) && JSON.rawJSON ? JSON.rawJSON(source) : value;

/** Call the API. Raises `Refused`, or a TypeError if nobody answers. */
export async function call(method, path, { query, body, signal, key = newKey() } = {}) {
  const sent = Date.now();
  const answer = await fetch(address(path, query), {
    method,
    signal,
    headers: { ...MARK, ...(method === 'POST' ? { 'Idempotency-Key': key } : {}) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const isJson = (answer.headers.get('content-type') ?? '').includes('json');
  if (!answer.ok || (answer.status !== 204 && !isJson)) {
    const problem = isJson ? await answer.json() : {};
    throw new Refused(answer.status, problem.detail ?? label('closed'), problem.errors);
  }
  const at = answer.headers.get('X-Sendoff-At');
  if (at) told(at, sent);
  return answer.status === 204 ? null : { ...JSON.parse(await answer.text(), exactly), at };
}

export const get = (path, query, signal) => call('GET', path, { query, signal });
export const post = (path, body) => call('POST', path, { body: body ?? {} });

/** Read events after an id, until the stream ends; each is `{kind, data, id}`. */
export async function* events(after, signal) {
  const answer = await fetch(address('events', { after }), { headers: MARK, signal });
  if (!answer.ok) throw new Refused(answer.status, label('closed'));
  const decoder = new TextDecoder();
  let text = '';
  for await (const piece of pieces(answer.body)) {
    text += decoder.decode(piece, { stream: true });
    const blocks = text.split('\n\n');
    text = blocks.pop();
    for (const block of blocks) {
      const event = parsed(block);
      if (event) yield event;
    }
  }
}

async function* pieces(body) {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => {});
  }
}

function parsed(block) {
  const event = {};
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon > 0) event[line.slice(0, colon)] = line.slice(colon + 1).trimStart();
  }
  if (!event.event) return null; // a comment that keeps the connection
  return { kind: event.event, data: JSON.parse(event.data ?? 'null'), id: event.id };
}

function address(path, query = {}) {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const asked = new URLSearchParams(given).toString();
  return `api/${path}${asked ? `?${asked}` : ''}`;
}

export function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
