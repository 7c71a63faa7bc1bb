import { useState } from 'preact/hooks';
import { type Failure, failureOf } from '../api/api.ts';
import { FailureNotice } from './failure-notice.tsx';

/** Asks for the next page of a list, which grows by it. */
export function ShowEarlier({ what, more }: { readonly what: string; readonly more: () => Promise<void> }) {
  const [state, setState] = useState<{ readonly isLoading: boolean; readonly failure?: Failure }>({ isLoading: false });
  const look = async (): Promise<void> => {
    setState({ isLoading: true });
    try {
      await more();
      setState({ isLoading: false });
    } catch (error) {
      setState({ isLoading: false, failure: failureOf(error) });
    }
  };
  return (
    <>
      {state.failure && <FailureNotice failure={state.failure} />}
      <button type="button" class="outline small" aria-busy={state.isLoading} onClick={look}>
        Show earlier {what}
      </button>
    </>
  );
}
