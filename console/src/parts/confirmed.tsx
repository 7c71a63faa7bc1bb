import { useState } from 'preact/hooks';
import { type Failure, failureOf } from '../api/api.ts';
import { FailureNotice } from './failure-notice.tsx';

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
  const [step, setStep] = useState<'' | 'asked' | 'acting'>('');
  const [failure, setFailure] = useState<Failure>();
  const confirm = async (): Promise<void> => {
    setStep('acting');
    try {
      await act();
    } catch (error) {
      setFailure(failureOf(error));
    }
    setStep('');
  };
  return (
    <>
      {step === '' ? (
        <button type="button" class="outline small danger" aria-label={name} onClick={() => setStep('asked')}>
          {label}
        </button>
      ) : (
        <>
          <button type="button" class="small danger-full" aria-busy={step === 'acting'} onClick={confirm}>
            {yes}
          </button>
          <button type="button" class="outline small" onClick={() => setStep('')}>
            No
          </button>
        </>
      )}
      {failure && <FailureNotice failure={failure} />}
    </>
  );
}
