import { FailureNotice } from './failure-notice.tsx';
import { useAct } from './use-act.ts';

/** Asks for the next page of a list, which grows by it. */
export function ShowEarlier({ what, more }: { readonly what: string; readonly more: () => Promise<void> }) {
  const { isBusy, failure, run } = useAct(more);
  return (
    <>
      {failure && <FailureNotice failure={failure} />}
      <button type="button" class="outline small" aria-busy={isBusy} onClick={run}>
        Show earlier {what}
      </button>
    </>
  );
}
