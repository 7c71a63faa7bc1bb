import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { find } from '../api/find.ts';
import { forgetToken, tokenClaims } from '../api/session.ts';

const PAGES = [
  { path: '/console', name: 'Calls' },
  { path: '/console/webhooks', name: 'Webhooks' },
  { path: '/console/health', name: 'Health' },
];

/** What is above every page: where one is, a field that finds a call or a user, and who is signed in. */
export function TopBar({ signedIn, signOut }: { readonly signedIn: boolean; readonly signOut: () => void }) {
  const { path } = useLocation();
  return (
    <header class="container top-bar">
      <a href="#main" class="skip">
        To the content
      </a>
      <nav aria-label="Pages">
        <ul>
          <li>
            <strong class="brand">
              <img src={`${import.meta.env.BASE_URL}icon.svg`} alt="" width="24" height="24" /> Carillon
            </strong>
          </li>
          {signedIn &&
            PAGES.map((page) => (
              <li key={page.path}>
                <a href={`${page.path}/`} aria-current={path === page.path ? 'page' : undefined}>
                  {page.name}
                </a>
              </li>
            ))}
        </ul>
      </nav>
      {signedIn && <Finder />}
      {signedIn && (
        <button
          type="button"
          class="outline small"
          onClick={() => {
            forgetToken();
            signOut();
          }}
        >
          Sign out{tokenClaims().name === undefined ? '' : ` ${tokenClaims().name}`}
        </button>
      )}
    </header>
  );
}

/** Finds whatever the pasted text names. */
function Finder() {
  const { route } = useLocation();
  const [text, setText] = useState('');
  const [state, setState] = useState<'' | 'looking' | 'nothing' | 'failed'>('');
  const look = async (event: Event): Promise<void> => {
    event.preventDefault();
    setState('looking');
    try {
      const address = await find(text.trim());
      setState(address === undefined ? 'nothing' : '');
      if (address !== undefined) {
        setText('');
        route(address);
      }
    } catch {
      setState('failed');
    }
  };
  return (
    <search class="finder">
      <form onSubmit={look}>
        <input
          type="search"
          aria-label="Call id or user id"
          placeholder="Call id or user id"
          required
          value={text}
          aria-invalid={state === 'nothing' || state === 'failed' ? 'true' : undefined}
          aria-describedby="finder-outcome"
          onInput={(event) => {
            setText(event.currentTarget.value);
            setState('');
          }}
        />
        <button type="submit" class="small" aria-busy={state === 'looking'}>
          Find
        </button>
        <span id="finder-outcome" role="status">
          {state === 'nothing' && 'No call and no user has this id.'}
          {state === 'failed' && 'The server does not answer.'}
        </span>
      </form>
    </search>
  );
}
