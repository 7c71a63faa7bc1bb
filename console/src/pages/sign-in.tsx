import { useState } from 'preact/hooks';
import { keepToken } from '../api/session.ts';
import { Command, IS_LOCAL } from '../parts/command.tsx';
import { entryOf } from '../parts/in-words.ts';
import { Page } from '../parts/page.tsx';

/** What the refusals mean that a whole token can get. */
const REFUSALS: Readonly<Record<string, string>> = {
  malformed: 'That is no token of an operator: copy all of what is printed.',
  bad_signature: 'Your token is from another deployment, or from before its keys were replaced.',
  unknown_key: 'Your token is from another deployment, or from before its keys were replaced.',
  missing: 'There is no token in this tab.',
};

/** Asks for a token: there is none, or it is not taken any more. */
export function SignIn({ reason, signedIn }: { readonly reason: string | undefined; readonly signedIn: () => void }) {
  const [text, setText] = useState('');
  return (
    <Page title={reason === undefined ? 'Sign in' : 'Sign in again'}>
      {reason !== undefined && (
        <p class="notice notice-bad" role="alert">
          {reason === 'expired'
            ? 'Your token has expired: it is good for 8 hours.'
            : (entryOf(REFUSALS, reason) ?? `Your token was refused: ${reason}.`)}
        </p>
      )}
      <p>
        {IS_LOCAL
          ? 'Make a token for the local stack in the repository, and an address with it:'
          : 'If you may read the secrets of the stage, make a token in the repository, and an address with it:'}
      </p>
      <pre>
        <Command tool="console" />
      </pre>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          keepToken(text);
          signedIn();
        }}
      >
        <label>
          The address or the token that it prints
          <input
            type="password"
            autocomplete="off"
            required
            value={text}
            onInput={(event) => setText(event.currentTarget.value)}
          />
        </label>
        <button type="submit">Sign in</button>
      </form>
      <p>
        <small>It stays in this tab, and is gone when you close it.</small>
      </p>
    </Page>
  );
}
