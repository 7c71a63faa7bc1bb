import { Rest } from '#client/rest.ts';
import { Tokens } from '#client/tokens.ts';
import type { CallResource, Device, Trace } from '#client/wire.ts';
import { usePolled } from '../api/use-polled.ts';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { UserText } from '../parts/user-text.tsx';
import { DrawnTrace } from '../trace/drawn-trace.tsx';
import { mayGrow } from '../trace/may-grow.ts';

const PAUSE_MS = 500;

interface Known {
  readonly serverToken: string;
  /** Which push token is on which phone. */
  readonly devices: readonly Device[];
}

/** The trace of the call, while it grows. */
export function LiveTrace({ path, ...known }: Known & { readonly path: string | undefined }) {
  if (path === undefined) return <p>Call Bob, and the trace of the call grows here.</p>;
  return <TraceOf key={path} path={path} {...known} />;
}

function TraceOf({ path, serverToken, devices }: Known & { readonly path: string }) {
  const { data, failure, refresh } = usePolled(
    async () => {
      const rest = new Rest(location.origin, new Tokens(serverToken, Date.now));
      const [resource, trace] = await Promise.all([
        rest.request<CallResource>('GET', path),
        rest.request<Trace>('GET', `${path}/trace`),
      ]);
      return { ...resource, trace };
    },
    ({ call }) => (mayGrow(call) ? PAUSE_MS : undefined),
  );
  if (!data) return failure ? <FailureNotice failure={failure} retry={refresh} /> : null;
  return (
    <>
      <p class="verdict" role="status">
        <UserText>{data.trace.verdict || 'It is being rung …'}</UserText>
      </p>
      <DrawnTrace {...data} devices={devices} />
    </>
  );
}
