import { useState } from 'preact/hooks';
import { LocationProvider, lazy, Route, Router } from 'preact-iso';
import { onSignedOut } from './api/api.ts';
import { currentToken } from './api/session.ts';
import { CallPage } from './pages/call.tsx';
import { NotFound } from './pages/not-found.tsx';
import { SignIn } from './pages/sign-in.tsx';
import { TopBar } from './parts/top-bar.tsx';

const BASE = '/console';

/** The virtual phones, which are in the build of the local stack alone and need no token. */
const Phones =
  import.meta.env.MODE === 'phones' ? lazy(async () => (await import('./phones/page.tsx')).PhonesPage) : undefined;

const isPhones = (): boolean => Phones !== undefined && /^\/console\/phones\/?$/.test(location.pathname);

/** The console: its frame, and the page that the address names. */
export function App() {
  const [session, setSession] = useState<{ readonly signedIn: boolean; readonly reason?: string }>({
    signedIn: currentToken() !== undefined,
  });
  onSignedOut((reason) => setSession({ signedIn: false, reason }));
  return (
    <LocationProvider scope={BASE}>
      <TopBar signedIn={session.signedIn} signOut={() => setSession({ signedIn: false })} />
      {session.signedIn || isPhones() ? (
        <Router>
          {Phones ? <Route path={`${BASE}/phones`} component={Phones} /> : []}
          <Route path={`${BASE}/calls/:type/:id`} component={CallPage} />
          <Route default component={NotFound} />
        </Router>
      ) : (
        <SignIn reason={session.reason} signedIn={() => setSession({ signedIn: true })} />
      )}
    </LocationProvider>
  );
}
