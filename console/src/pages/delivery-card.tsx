import { useState } from 'preact/hooks';
import { api, type Delivery } from '../api/api.ts';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { inWords } from '../parts/in-words.ts';
import { useAct } from '../parts/use-act.ts';
import { callAddress, UserText } from '../parts/user-text.tsx';
import { When } from '../parts/when.tsx';
import { SignIcon } from '../trace/sign.tsx';

/** Why there was no answer. */
const FAULTS: Readonly<Record<string, string>> = {
  timed_out: 'no answer within 5 s',
  unreachable: 'cannot be reached',
  private_address: 'its name leads into a private network',
  not_sent: 'nothing was sent',
};

const outcomeOf = ({ http_status, fault }: Delivery): string =>
  http_status === undefined ? inWords(FAULTS, fault) : `answered ${http_status}`;

/** One delivery to a webhook: what, to whom, how it went, and another try if it failed. */
export function DeliveryCard({
  delivery,
  only,
  changed,
}: {
  readonly delivery: Delivery;
  /** The address of the page with the deliveries of this webhook alone. */
  readonly only: string | undefined;
  readonly changed: () => Promise<void>;
}) {
  const { status, type, host, webhook, webhook_id, call_cid, created_at, tried_at, attempt, retry_at } = delivery;
  const isFailed = status === 'failed';
  return (
    <>
      <strong>
        {type} to <UserText>{host}</UserText>
      </strong>
      <span class={isFailed ? 'failing' : undefined}>
        <SignIcon kind={isFailed ? 'failed' : 'taken'} size={13} /> {isFailed ? 'failed' : 'delivered'}:{' '}
        {outcomeOf(delivery)}
      </span>
      <span>
        tried <When at={tried_at} />, {attempt === 1 ? 'once' : `${attempt} times`}
        {retry_at !== undefined && (
          <>
            , next <When at={retry_at} />
          </>
        )}
        {isFailed && retry_at === undefined && ', given up'}
      </span>
      <span>
        event of <When at={created_at} />
        {call_cid !== undefined && (
          <>
            , call <a href={callAddress(call_cid)}>{call_cid}</a>
          </>
        )}
      </span>
      <span>
        webhook {only === undefined ? <code>{webhook}</code> : <a href={only}>{webhook}</a>},{' '}
        <code class="id">{webhook_id}</code>
      </span>
      {isFailed && <Replay delivery={delivery} changed={changed} />}
    </>
  );
}

function Replay({ delivery, changed }: { readonly delivery: Delivery; readonly changed: () => Promise<void> }) {
  const { id, type, host, tried_at } = delivery;
  /** Which try it was sent again after. */
  const [sentAfter, setSentAfter] = useState<string>();
  const { isBusy, failure, run } = useAct(async () => {
    setSentAfter(undefined);
    await api.replay(id);
    setSentAfter(tried_at);
    await changed();
  });
  return (
    <div class="actions">
      <button
        type="button"
        class="outline small"
        aria-busy={isBusy}
        aria-label={`Send ${type} of ${tried_at} to ${host} again`}
        onClick={run}
      >
        Send again
      </button>
      <span role="status">{sentAfter === tried_at ? 'Sent. It shows here how that went.' : ''}</span>
      {failure && <FailureNotice failure={failure} />}
    </div>
  );
}
