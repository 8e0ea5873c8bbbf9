// A link to another place of the page.

import { html } from './preact.js';
import { addressOf, go, state } from './live.js';

/** A link to another place of the page; a plain click goes there without loading it again. */
export function Link({ to, children, ...rest }) {
  const at = { ...state.at, ...to };
  const onClick = (event) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button) return;
    event.preventDefault();
    go(to);
  };
  return html`<a href=${addressOf(at)} onClick=${onClick} ...${rest}>${children}</a>`;
}
