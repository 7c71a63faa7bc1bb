import { useEffect, useRef, useState } from 'preact/hooks';
import { api, type Failure, failureOf } from '../api/api.ts';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { CallView } from './call.tsx';
import { callUser, type Talk } from './talk.ts';
import { TalkView } from './talk-view.tsx';

type Kind = 'test' | 'call';

/** What is shown of a ring; nothing before it, and after it is left. */
interface Shown {
  readonly busy?: Kind | undefined;
  readonly cid?: string;
  readonly talk?: Talk;
  readonly failure?: Failure;
}

/** Rings the user from here: for a test, or to talk with whatever answers. The trace is drawn while it happens. */
export function RingPanel({ userId, onRing }: { readonly userId: string; readonly onRing: (isOn: boolean) => void }) {
  const [{ busy, cid, talk, failure }, setShown] = useState<Shown>({});
  const leaving = useRef<AbortController>(undefined);
  const leave = (): void => {
    leaving.current?.abort();
    setShown({});
    onRing(false);
  };
  // Whoever goes to another page, or closes this one, hangs up.
  useEffect(() => {
    addEventListener('pagehide', leave);
    return () => {
      removeEventListener('pagehide', leave);
      leaving.current?.abort();
    };
  }, []);

  const ring = async (kind: Kind): Promise<void> => {
    leave();
    leaving.current = new AbortController();
    const left = leaving.current.signal;
    /** What comes after it was left belongs to no ring that is shown. */
    const show = (more: Shown): void => {
      if (!left.aborted) setShown((old) => ({ ...old, ...more }));
    };
    const rings = (rung: string): void => {
      show({ cid: rung });
      if (!left.aborted) onRing(true);
    };
    show({ busy: kind });
    try {
      if (kind === 'test') rings(await testRing(userId));
      else show({ talk: await callUser({ userId, rings, left }) });
    } catch (error) {
      show({ failure: failureOf(error) });
    }
    show({ busy: undefined });
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
          {talk && <TalkView talk={talk} />}
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

async function testRing(userId: string): Promise<string> {
  const hardwareId = `console-${crypto.randomUUID()}`;
  return (await api.testRing({ id: api.newTestRing(), userId, video: false, hardwareId })).call.cid;
}
