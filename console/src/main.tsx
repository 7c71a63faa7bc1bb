import { render } from 'preact';
import { takeTokenFromAddress } from './api/session.ts';
import { App } from './app.tsx';

takeTokenFromAddress();
const root = document.getElementById('app');
if (root) render(<App />, root);
