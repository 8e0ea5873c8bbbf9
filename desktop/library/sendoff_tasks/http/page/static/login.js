// The form for a token, or the sentence that the page is closed.

import { html, useState } from './preact.js';
import { isOpened, logIn, state } from './live.js';
import { label } from './words.js';

export function Login() {
  const [error, setError] = useState('');
  const { title, token, program } = state.me;
  if (!token) {
    return html`<div class="empty" role="main"><h2>${title}</h2>
      <p class="soft">${label('closed')} ${label('sign_in_there')}</p></div>`;
  }
  if (isOpened()) {
    return html`<div class="empty" role="main"><h2>${title}</h2>
      <p class="soft">${label('closed')} ${label('open_again')}</p></div>`;
  }
  const submit = async (event) => {
    event.preventDefault();
    try {
      await logIn(new FormData(event.target).get('token'));
    } catch (refused) {
      setError(refused.message);
    }
  };
  return html`<main class="empty"><form class="login" onSubmit=${submit}>
    <h2>${title}</h2>
    <label class="lab" for="token">${label('token')}</label>
    <input class=${`f ${error ? 'bad' : ''}`} id="token" name="token" type="password" required
      autocomplete="off" autofocus aria-describedby="why" />
    <p id="why" class=${error ? 'failed' : 'soft'} role=${error ? 'alert' : undefined}>
      ${error || label('token_from', { makes: `${program} token add NAME --data-dir FOLDER` })}</p>
    <button class="b p">${label('sign_in')}</button>
  </form></main>`;
}
