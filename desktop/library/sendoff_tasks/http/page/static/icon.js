// An icon of the page's set.

import { html } from './preact.js';

export function Icon({ name, tone = '' }) {
  const turns = name === 'loader-circle' ? ' spin' : '';
  return html`<svg class=${`i ${tone}${turns}`} aria-hidden="true"><use href=${`#${name}`} /></svg>`;
}
