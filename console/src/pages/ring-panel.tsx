import { useEffect, useRef, useState } from 'preact/hooks';
import { api, type Failure, failureOf } from '../api/api.ts';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { CallView } from './call.tsx';
import { type Calling, callUser, type Talk } from './talk.ts';
import { TalkView } from './talk-view.tsx';

/** Rings the user from here: for a test, or to talk with whatever answers. The trace is drawn while it happens. */
export function RingPanel({ userId, onRing }: { readonly userId: string; readonly onRing: (isOn: boolean) => void }) {
  const [cid, setCid] = useState<string>();
  const [talking, setTalking] = useState<Talk>();
  const [busy, setBusy] = useState<'' | 'test' | 'call'>('');
  const [failure, setFailure] = useState<Failure>();
  const calling = useRef<Calling | undefined>(undefined);
  const hangUp = (): void => {
    calling.current?.leave();
    calling.current = undefined;
  };
  // Whoever goes to another page, or closes this one, hangs up.
  useEffect(() => {
    addEventListener('pagehide', hangUp);
    return () => {
      removeEventListener('pagehide', hangUp);
      hangUp();
    };
  }, []);

  const ring = async (kind: 'test' | 'call'): Promise<void> => {
    setBusy(kind);
    setFailure(undefined);
    try {
      await (kind === 'call' ? call() : test());
    } catch (error) {
      setFailure(failureOf(error));
    }
    setBusy('');
  };
  const rings = (rung: string): void => {
    setCid(rung);
    onRing(true);
  };
  const test = async (): Promise<void> => {
    const hardwareId = `console-${crypto.randomUUID()}`;
    rings((await api.testRing({ id: api.newTestRing(), userId, video: false, hardwareId })).call.cid);
  };
  const call = async (): Promise<void> => {
    // The camera first: nobody's phone should ring for a browser that has none.
    const mine = await navigator.mediaDevices.getUserMedia({ audio: true, video: true });
    const made = callUser(userId, mine);
    calling.current = made;
    rings(await made.rung);
    setTalking(await made.talk);
  };
  const leave = (): void => {
    hangUp();
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
