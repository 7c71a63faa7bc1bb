import { useState } from 'preact/hooks';
import { type Failure, failureOf } from '../api/api.ts';

interface Act {
  readonly isBusy: boolean;
  /** Why it failed the last time; gone with the next. */
  readonly failure?: Failure;
}

/** What a button does: whether it is still at it, and why it failed. */
export function useAct(act: () => Promise<void>): Act & { readonly run: () => Promise<void> } {
  const [state, setState] = useState<Act>({ isBusy: false });
  const run = async (): Promise<void> => {
    setState({ isBusy: true });
    try {
      await act();
      setState({ isBusy: false });
    } catch (error) {
      setState({ isBusy: false, failure: failureOf(error) });
    }
  };
  return { ...state, run };
}
