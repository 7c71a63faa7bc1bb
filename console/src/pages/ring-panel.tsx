import { useEffect, useRef, useState } from 'preact/hooks';
import { api, type Failure, failureOf } from '../api/api.ts';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { CallView } from './call.tsx';
import { type Talk, talk } from './talk.ts';
import { TalkView } from './talk-view.tsx';

/** Rings the user from here: for a test, or to talk with whatever answers. The trace is drawn while it happens. */
export function RingPanel({ userId, onRing }: { readonly userId: string; readonly onRing: (isOn: boolean) => void }) {
  const [cid, setCid] = useState<string>();
  const [talking, setTalking] = useState<Talk>();
  const [busy, setBusy] = useState<'' | 'test' | 'call'>('');
  const [failure, setFailure] = useState<Failure>();
  const open = useRef<Talk | undefined>(undefined);
  open.current = talking;
  // Whoever goes to another page hangs up.
  useEffect(() => () => open.current?.close(), []);

  const ring = async (kind: 'test' | 'call'): Promise<void> => {
    setBusy(kind);
    setFailure(undefined);
    try {
      // The camera first: nobody's phone should ring for a browser that has none.
      const mine =
        kind === 'call' ? await navigator.mediaDevices.getUserMedia({ audio: true, video: true }) : undefined;
      const hardwareId = `console-${crypto.randomUUID()}`;
      const { call, call_token } = await api.testRing(userId, mine !== undefined, hardwareId);
      setCid(call.cid);
      onRing(true);
      if (mine && call_token !== undefined)
        setTalking(await talk({ userId, callId: call.id, token: call_token, hardwareId, mine }));
    } catch (error) {
      setFailure(failureOf(error));
    }
    setBusy('');
  };
  const leave = (): void => {
    talking?.close();
    setTalking(undefined);
    setCid(undefined);
    onRing(false);
  };
  return (
    <section class="ring-panel" aria-label="Ring this user">
      {cid === undefined ? (
        <div class="actions">
          <button type="button" class="small" aria-busy={busy === 'call'} onClick={() => ring('call')}>
            Call with audio and video
          </button>
          <button type="button" class="outline small" aria-busy={busy === 'test'} onClick={() => ring('test')}>
            Test ring
          </button>
          <small>Their phones really ring. They see that it is you.</small>
        </div>
      ) : (
        <>
          {talking && <TalkView talk={talking} />}
          <CallView cid={cid} />
          <button type="button" class="outline small" onClick={leave}>
            Back to the user
          </button>
        </>
      )}
      {failure && <FailureNotice failure={failure} />}
    </section>
  );
}
