import { useState } from 'preact/hooks';
import { LocationProvider, Route, Router, useLocation } from 'preact-iso';
import { onSignedOut } from './api/api.ts';
import { currentToken } from './api/session.ts';
import { CallPage } from './pages/call.tsx';
import { CallsPage } from './pages/calls.tsx';
import { HealthPage } from './pages/health.tsx';
import { NotFound } from './pages/not-found.tsx';
import { SignIn } from './pages/sign-in.tsx';
import { UserPage } from './pages/user.tsx';
import { TopBar } from './parts/top-bar.tsx';

const BASE = '/console';

/** The console: its frame, and the page that the address names. */
export function App() {
  const [session, setSession] = useState<{ readonly signedIn: boolean; readonly reason?: string }>({
    signedIn: currentToken() !== undefined,
  });
  onSignedOut((reason) => setSession({ signedIn: false, reason }));
  return (
    <LocationProvider scope={BASE}>
      <TopBar signedIn={session.signedIn} signOut={() => setSession({ signedIn: false })} />
      {session.signedIn ? (
        <Pages />
      ) : (
        <SignIn reason={session.reason} signedIn={() => setSession({ signedIn: true })} />
      )}
    </LocationProvider>
  );
}

/** The page that the address names. */
function Pages() {
  const { path } = useLocation();
  if (!isReadable(path)) return <NotFound />;
  return (
    <Router>
      <Route path={BASE} component={CallsPage} />
      <Route path={`${BASE}/calls/:type/:id`} component={CallPage} />
      <Route path={`${BASE}/users/:id`} component={UserPage} />
      <Route path={`${BASE}/health`} component={HealthPage} />
      <Route default component={NotFound} />
    </Router>
  );
}

/** Whether what is percent-encoded in an address stands for any text. */
function isReadable(path: string): boolean {
  try {
    // Its result must be used, or else the bundler takes the call for one that does nothing.
    return decodeURIComponent(path).length > 0;
  } catch {
    return false;
  }
}
