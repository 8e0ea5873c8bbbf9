// The form for a token, or the sentence that the page is closed.

import { html, useState } from './preact.js';
import { logIn, state } from './live.js';

export function Login() {
  const [error, setError] = useState('');
  const { title, token } = state.me;
  if (!token) {
    return html`<div class="empty" role="main"><h2>${title}</h2>
      <p class="soft">This page is not open to you. Sign in to the program that it belongs to.</p></div>`;
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
    <label class="lab" for="token">Token</label>
    <input class=${`f ${error ? 'bad' : ''}`} id="token" name="token" type="password" required
      autocomplete="off" autofocus aria-describedby="why" />
    <p id="why" class=${error ? 'failed' : 'soft'} role=${error ? 'alert' : undefined}>
      ${error || html`<code>sendoff-tasks token add NAME</code> makes one; a start prints one to its terminal.`}</p>
    <button class="b p">Sign in</button>
  </form></main>`;
}
