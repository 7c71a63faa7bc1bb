import { useEffect, useErrorBoundary, useState } from 'preact/hooks';
import { LocationProvider, lazy, Route, Router, useLocation } from 'preact-iso';
import { notCarillon, onSignedOut } from './api/api.ts';
import { currentToken } from './api/session.ts';
import { CallPage } from './pages/call.tsx';
import { CallsPage } from './pages/calls.tsx';
import { HealthPage } from './pages/health.tsx';
import { NotFound } from './pages/not-found.tsx';
import { SignIn } from './pages/sign-in.tsx';
import { UserPage } from './pages/user.tsx';
import { WebhooksPage } from './pages/webhooks.tsx';
import { FailureNotice } from './parts/failure-notice.tsx';
import { Page } from './parts/page.tsx';
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
  // An answer that is not as its document says breaks a page, and must not leave it blank.
  const [error, reset] = useErrorBoundary();
  useEffect(() => reset(), [path]);
  if (error) return <Broken error={error} />;
  if (!isReadable(path)) return <NotFound />;
  return (
    <Router>
      {Phones ? <Route path={`${BASE}/phones`} component={Phones} /> : []}
      <Route path={BASE} component={CallsPage} />
      <Route path={`${BASE}/calls/:type/:id`} component={CallPage} />
      <Route path={`${BASE}/users/:id`} component={UserPage} />
      <Route path={`${BASE}/webhooks`} component={WebhooksPage} />
      <Route path={`${BASE}/health`} component={HealthPage} />
      <Route default component={NotFound} />
    </Router>
  );
}

const Broken = ({ error }: { readonly error: unknown }) => (
  <Page title="Not understood">
    <FailureNotice failure={notCarillon(error)} retry={() => location.reload()} />
  </Page>
);

/** Whether what is percent-encoded in an address stands for any text. */
function isReadable(path: string): boolean {
  try {
    // Its result must be used, or else the bundler takes the call for one that does nothing.
    return decodeURIComponent(path).length > 0;
  } catch {
    return false;
  }
}
