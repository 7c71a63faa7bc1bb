import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { DeliveryPage } from '#client/wire.ts';
import { api, type Delivery, type DeliveryQuery, type Failure, failureOf } from '../api/api.ts';
import { usePolled } from '../api/use-polled.ts';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { Loading, Page } from '../parts/page.tsx';
import { DeliveryCard } from './delivery-card.tsx';

const PAUSE_MS = 4000;
const PER_PAGE = 50;

/** What is shown, as it is in the address. */
interface Shown {
  /** `failed`, `delivered` or `all`. */
  readonly status: string;
  readonly webhook: string;
}

const addressOf = ({ status, webhook }: Shown): string =>
  `/console/webhooks?${new URLSearchParams({ status, ...(webhook !== '' && { webhook }) })}`;

/** What became of the deliveries to webhooks in the last day, those that failed first of all. */
export function WebhooksPage() {
  const { query, route } = useLocation();
  const { status = 'failed', webhook = '' } = query;
  const shown = { status, webhook };
  return (
    <Page title="Webhooks">
      <div class="filters">
        <label>
          Deliveries of the last 24 hours
          <select
            value={status}
            onInput={(event) => route(addressOf({ ...shown, status: event.currentTarget.value }), true)}
          >
            <option value="failed">that failed</option>
            <option value="delivered">that were taken</option>
            <option value="all">all</option>
          </select>
        </label>
        {webhook !== '' && (
          <p>
            Of webhook <code>{webhook}</code> only. <a href={addressOf({ ...shown, webhook: '' })}>Show all webhooks</a>
          </p>
        )}
      </div>
      <Deliveries key={JSON.stringify(shown)} {...shown} />
    </Page>
  );
}

/** Pages that were asked for after the first, and where the next one begins. */
interface Older {
  readonly deliveries: readonly Delivery[];
  readonly next?: string | undefined;
}

function Deliveries({ status, webhook }: Shown) {
  const query: DeliveryQuery = { status: status === 'all' ? '' : status, webhook, limit: PER_PAGE };
  const { data, failure, refresh } = usePolled(
    () => api.deliveries(query),
    () => PAUSE_MS,
  );
  const [older, setOlder] = useState<Older>();
  if (!data) return failure ? <FailureNotice failure={failure} retry={refresh} /> : <Loading what="deliveries" />;
  if (!data.enabled) return <Off />;
  const all = withoutTwice([...data.deliveries, ...(older?.deliveries ?? [])]);
  const next = older ? older.next : data.next;
  return (
    <>
      {failure && <FailureNotice failure={failure} retry={refresh} />}
      <p class="facts" role="status">
        {all.length === 1 ? 'One delivery' : `${all.length} deliveries`}
        {next !== undefined && ', and there may be more'}
      </p>
      {all.length > 0 ? (
        <ul class="cards">
          {all.map((delivery) => (
            <li key={delivery.id} class={delivery.status === 'failed' ? 'card card-bad' : 'card'}>
              <DeliveryCard
                delivery={delivery}
                only={webhook === '' ? addressOf({ status, webhook: delivery.webhook }) : undefined}
                changed={refresh}
              />
            </li>
          ))}
        </ul>
      ) : (
        <Nothing status={status} />
      )}
      {next !== undefined && (
        <More
          query={{ ...query, next }}
          take={(page) =>
            setOlder({ deliveries: [...(older?.deliveries ?? data.deliveries), ...page.deliveries], next: page.next })
          }
        />
      )}
    </>
  );
}

/** Of a delivery that is there twice the first counts: it was read later. */
function withoutTwice(deliveries: readonly Delivery[]): Delivery[] {
  const byId = new Map<string, Delivery>();
  for (const each of deliveries) if (!byId.has(each.id)) byId.set(each.id, each);
  return [...byId.values()];
}

const Off = () => (
  <div class="empty">
    <p>
      This stage tells your backend nothing. Set <code>events: true</code> in the file of the stage:{' '}
      <code>docs/events.md</code>
    </p>
  </div>
);

const Nothing = ({ status }: Pick<Shown, 'status'>) => (
  <div class="empty">
    {status === 'failed' ? (
      <p>No delivery has failed in the last 24 hours.</p>
    ) : (
      <p>
        Nothing was delivered in the last 24 hours. Which webhooks there are: <code>npm run webhooks -- list</code>
      </p>
    )}
  </div>
);

function More({ query, take }: { readonly query: DeliveryQuery; readonly take: (page: DeliveryPage) => void }) {
  const [state, setState] = useState<{ readonly isLoading: boolean; readonly failure?: Failure }>({ isLoading: false });
  const look = async (): Promise<void> => {
    setState({ isLoading: true });
    try {
      take(await api.deliveries(query));
      setState({ isLoading: false });
    } catch (error) {
      setState({ isLoading: false, failure: failureOf(error) });
    }
  };
  return (
    <>
      {state.failure && <FailureNotice failure={state.failure} />}
      <button type="button" class="outline small" aria-busy={state.isLoading} onClick={look}>
        Show earlier deliveries
      </button>
    </>
  );
}
