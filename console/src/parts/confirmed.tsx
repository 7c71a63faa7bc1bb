import { useState } from 'preact/hooks';
import { FailureNotice } from './failure-notice.tsx';
import { useAct } from './use-act.ts';

/** A button for what cannot be taken back: it is done once somebody has said so twice. */
export function Confirmed({
  label,
  name,
  yes,
  act,
}: {
  readonly label: string;
  /** What a screen reader calls the button, where its label alone does not say which one it is. */
  readonly name?: string;
  readonly yes: string;
  /** Resolves when the page shows what became of it. */
  readonly act: () => Promise<void>;
}) {
  const [isAsked, setAsked] = useState(false);
  const { isBusy, failure, run } = useAct(act);
  const confirm = async (): Promise<void> => {
    await run();
    setAsked(false);
  };
  return (
    <>
      {isAsked ? (
        <>
          <button type="button" class="small danger-full" aria-busy={isBusy} onClick={confirm}>
            {yes}
          </button>
          <button type="button" class="outline small" onClick={() => setAsked(false)}>
            No
          </button>
        </>
      ) : (
        <button type="button" class="outline small danger" aria-label={name} onClick={() => setAsked(true)}>
          {label}
        </button>
      )}
      {failure && <FailureNotice failure={failure} />}
    </>
  );
}
