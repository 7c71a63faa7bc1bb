import { useState } from 'preact/hooks';
import { api, type SeenUser } from '../api/api.ts';
import { usePolled } from '../api/use-polled.ts';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { Loading, Page } from '../parts/page.tsx';
import { CallStatus } from '../parts/status.tsx';
import { callAddress, Person, UserText } from '../parts/user-text.tsx';
import { When } from '../parts/when.tsx';
import { CallList } from './call-list.tsx';
import { RingPanel } from './ring-panel.tsx';
import { Devices, RemovedDevices } from './user-devices.tsx';

const PAUSE_MS = 5000;
const HISTORY = 25;

/** The page of a user. */
export function UserPage({ params: { id = '' } }: { readonly params: Readonly<Record<string, string>> }) {
  return (
    <Page
      title={`User ${id}`}
      heading={
        <>
          User <UserText>{id}</UserText>
        </>
      }
    >
      <User key={id} id={id} />
    </Page>
  );
}

function User({ id }: { readonly id: string }) {
  const { data, failure, refresh } = usePolled(
    async () => {
      const [user, { calls, next }] = await Promise.all([api.user(id), api.calls({ user_id: id, limit: HISTORY })]);
      return { user, calls, hasMore: next !== undefined };
    },
    () => PAUSE_MS,
  );
  const [isRinging, setIsRinging] = useState(false);
  if (!data) return failure ? <FailureNotice failure={failure} retry={refresh} /> : <Loading what="the user" />;
  const { user, calls, hasMore } = data;
  return (
    <>
      {failure && <FailureNotice failure={failure} retry={refresh} />}
      <Summary user={user} />
      <RingPanel userId={id} onRing={setIsRinging} />
      {!isRinging && (
        <>
          <h2>Devices</h2>
          <Devices user={user} changed={refresh} />
          <RemovedDevices devices={user.removed_devices} />
          <h2>Connections</h2>
          <Connections user={user} />
          <h2>Calls</h2>
          {calls.length > 0 ? <CallList calls={calls} userId={id} /> : <p class="facts">None yet.</p>}
          {hasMore && <a href={`/console/?user=${encodeURIComponent(id)}`}>All their calls</a>}
          <h2>Blocked by them</h2>
          <Blocks user={user} />
        </>
      )}
    </>
  );
}

/** Whether they can be reached at all, in one line. */
function Summary({ user: { counts, live_call, preferences, devices } }: { readonly user: SeenUser }) {
  const ringable = devices.filter(({ failing }) => !failing).length;
  return (
    <div class="verdict">
      <span>{reach(counts.connections, ringable, counts.failing_devices)}</span>
      {preferences.do_not_disturb !== false && (
        <span>
          Do not disturb
          {typeof preferences.do_not_disturb === 'object' && (
            <>
              {' '}
              until <When at={preferences.do_not_disturb.until} />
            </>
          )}
        </span>
      )}
      {live_call && (
        <a href={callAddress(live_call.call.cid)}>
          In a call now <CallStatus call={live_call.call} />
        </a>
      )}
    </div>
  );
}

function reach(connections: number, ringable: number, failing: number): string {
  const sockets = connections === 1 ? 'one app is connected' : `${connections} apps are connected`;
  const phones = ringable === 1 ? 'one push token works' : `${ringable} push tokens work`;
  const parts = [connections > 0 && sockets, ringable > 0 && phones].filter(Boolean);
  if (parts.length === 0)
    return failing > 0
      ? 'Cannot be reached: every push token fails'
      : 'Cannot be reached: no phone is registered and no app is connected';
  return `Can be reached: ${parts.join(', ')}${failing > 0 ? `, ${failing} fail${failing === 1 ? 's' : ''}` : ''}`;
}

function Connections({ user: { connections } }: { readonly user: SeenUser }) {
  if (connections.length === 0) return <p class="facts">No app is connected.</p>;
  return (
    <ul class="cards">
      {connections.map(({ connection_id, hardware_id, dialect, connected_at }) => (
        <li key={connection_id} class="card">
          <strong>{hardware_id === undefined ? 'a handset without a name' : <UserText>{hardware_id}</UserText>}</strong>
          <span>
            since <When at={connected_at} />
            {dialect !== 'native' && `, speaks the dialect ${dialect}`}
          </span>
          <code>{connection_id}</code>
        </li>
      ))}
    </ul>
  );
}

function Blocks({ user: { blocks } }: { readonly user: SeenUser }) {
  if (blocks.length === 0) return <p class="facts">Nobody.</p>;
  return (
    <ul>
      {blocks.map(({ user_id, created_at }) => (
        <li key={user_id}>
          <Person id={user_id} /> since <When at={created_at} />
        </li>
      ))}
    </ul>
  );
}
