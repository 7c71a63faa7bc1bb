import { render } from 'preact';
import { takeTokenFromAddress } from './api/session.ts';
import { App } from './app.tsx';
import { keepFocus } from './parts/keep-focus.ts';

takeTokenFromAddress();
// A new address pasted into an open tab changes nothing but its fragment.
addEventListener('hashchange', () => {
  if (takeTokenFromAddress()) location.reload();
});
keepFocus();
const root = document.getElementById('app');
if (root) render(<App />, root);
