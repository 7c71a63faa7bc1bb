import { useLocation } from 'preact-iso';
import type { DeliveryPage } from '#client/wire.ts';
import { api, type DeliveryQuery } from '../api/api.ts';
import { usePages } from '../api/use-pages.ts';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { Loading, Page } from '../parts/page.tsx';
import { ShowEarlier } from '../parts/show-earlier.tsx';
import { DeliveryCard } from './delivery-card.tsx';

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

function Deliveries({ status, webhook }: Shown) {
  const query: DeliveryQuery = { status: status === 'all' ? '' : status, webhook, limit: PER_PAGE };
  const {
    first,
    items: all,
    more,
    failure,
    refresh,
  } = usePages({
    ask: (next) => api.deliveries({ ...query, ...(next !== undefined && { next }) }),
    itemsOf: ({ deliveries }: DeliveryPage) => deliveries,
  });
  if (!first) return failure ? <FailureNotice failure={failure} retry={refresh} /> : <Loading what="deliveries" />;
  if (!first.enabled) return <Off />;
  return (
    <>
      {failure && <FailureNotice failure={failure} retry={refresh} />}
      <p class="facts" role="status">
        {all.length === 1 ? 'One delivery' : `${all.length} deliveries`}
        {more && ', and there may be more'}
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
      {more && <ShowEarlier what="deliveries" more={more} />}
    </>
  );
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
