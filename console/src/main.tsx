import { render } from 'preact';
import { takeTokenFromAddress } from './api/session.ts';
import { App } from './app.tsx';

takeTokenFromAddress();
// A new address pasted into an open tab changes nothing but its fragment.
addEventListener('hashchange', () => {
  if (takeTokenFromAddress()) location.reload();
});
const root = document.getElementById('app');
if (root) render(<App />, root);
