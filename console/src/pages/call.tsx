import { useRef, useState } from 'preact/hooks';
import type { Device, Trace } from '#client/wire.ts';
import { api } from '../api/api.ts';
import { usePolled } from '../api/use-polled.ts';
import { Confirmed } from '../parts/confirmed.tsx';
import { CopyButton } from '../parts/copy-button.tsx';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { Loading, Page } from '../parts/page.tsx';
import { CallStatus, Status } from '../parts/status.tsx';
import { Person, UserText } from '../parts/user-text.tsx';
import { summaryOf } from '../parts/verdicts.ts';
import { When } from '../parts/when.tsx';
import { DrawnTrace, type TracedCall } from '../trace/drawn-trace.tsx';
import { mayGrow } from '../trace/may-grow.ts';
import { ticketOf } from '../trace/ticket.ts';

/** How often a call is looked at: while it rings, while people talk, and once more after its end for what is written late. */
const PAUSE_MS = { ringing: 800, calm: 4000, afterEnd: 2500 };
/** Devices are asked for in small calls only, since each member takes a request. */
const MOST_ASKED = 8;

async function look(cid: string, known: readonly Device[] | undefined): Promise<TracedCall> {
  const [resource, trace] = await Promise.all([api.call(cid), api.trace(cid)]);
  return { ...resource, trace, devices: known ?? (await devicesOf(trace)) };
}

async function devicesOf({ verdicts }: Trace): Promise<Device[]> {
  if (verdicts.length > MOST_ASKED) return [];
  // Without them the picture still has every token and socket, only not joined to phones.
  const lists = verdicts.map(({ user_id }) => api.user(user_id).catch(() => ({ devices: [] })));
  return (await Promise.all(lists)).flatMap(({ devices }) => devices);
}

/** What became of a ring, and why. It grows while the call is on. */
export function CallView({ cid }: { readonly cid: string }) {
  const known = useRef<readonly Device[] | undefined>(undefined);
  const { data, failure, refresh } = usePolled(async () => {
    const seen = await look(cid, known.current);
    known.current = seen.devices;
    return seen;
  }, pauseOf);
  if (!data) return failure ? <FailureNotice failure={failure} retry={refresh} /> : <Loading what="the call" />;
  const { call, trace } = data;
  return (
    <>
      {failure && <FailureNotice failure={failure} retry={refresh} />}
      <p class="verdict" role="status">
        <CallStatus call={call} /> <UserText>{summaryOf(trace.verdicts)}</UserText>
      </p>
      <p class="facts">
        <Person id={call.created_by.id} name={call.created_by.name} /> {call.video ? 'calls with video' : 'calls'} on{' '}
        <When at={call.created_at} full />
      </p>
      <div class="actions">
        <CopyButton label="Copy as text" text={() => ticketOf(data, trace)} />
        {call.status !== 'ended' && (
          <Confirmed
            label="End the call"
            yes="Yes, end it for everybody"
            act={async () => {
              await api.endCall(cid);
              await refresh();
            }}
          />
        )}
      </div>
      <h2>Who</h2>
      <Members {...data} />
      <h2>What happened</h2>
      <DrawnTrace {...data} />
      <details>
        <summary>Raw rows</summary>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
        <pre class="raw" tabIndex={0}>
          {trace.trace.map((row) => JSON.stringify(row)).join('\n')}
        </pre>
      </details>
    </>
  );
}

function pauseOf({ call }: TracedCall): number | undefined {
  if (call.status === 'ringing') return PAUSE_MS.ringing;
  if (call.status !== 'ended') return PAUSE_MS.calm;
  return mayGrow(call) ? PAUSE_MS.afterEnd : undefined;
}

const MEMBERS_AT_ONCE = 20;

function Members({ members, trace: { verdicts } }: TracedCall) {
  const [shown, setShown] = useState(MEMBERS_AT_ONCE);
  const verdictBy = new Map(verdicts.map(({ user_id, verdict }) => [user_id, verdict]));
  return (
    <>
      <ul class="members">
        {members.slice(0, shown).map(({ user_id, role, state, reason }) => (
          <li key={user_id}>
            <Person id={user_id} /> <Status of={state} />{' '}
            {reason !== undefined && reason !== state && (
              <>
                <UserText>{reason}</UserText>{' '}
              </>
            )}
            <span class="member-verdict">{verdictBy.get(user_id) ?? (role === 'admin' ? 'made the call' : '')}</span>
          </li>
        ))}
      </ul>
      {members.length > shown && (
        <button type="button" class="outline small" onClick={() => setShown(members.length)}>
          Show all {members.length} members
        </button>
      )}
    </>
  );
}

/** The page of a call. */
export function CallPage({ params: { type = '', id = '' } }: { readonly params: Readonly<Record<string, string>> }) {
  const cid = `${type}:${id}`;
  return (
    <Page
      title={`Call ${id}`}
      heading={
        <>
          Call <code class="id">{cid}</code>
        </>
      }
    >
      <CallView key={cid} cid={cid} />
    </Page>
  );
}
