import { useLocation } from 'preact-iso';
import type { StageCallPage } from '#client/wire.ts';
import { api, type CallQuery, type StageCall } from '../api/api.ts';
import { usePages } from '../api/use-pages.ts';
import { Command } from '../parts/command.tsx';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { Loading, Page } from '../parts/page.tsx';
import { ShowEarlier } from '../parts/show-earlier.tsx';
import { CallFilters, type Filters, filtersOf } from './call-filters.tsx';
import { CallList } from './call-list.tsx';

const PER_PAGE = 50;

/** The newest calls of the stage. */
export function CallsPage() {
  const { query } = useLocation();
  const filters = filtersOf(query);
  const key = JSON.stringify(filters);
  return (
    <Page title="Calls">
      <CallFilters filters={filters} />
      <Calls key={key} filters={filters} />
    </Page>
  );
}

const MINUTE_MS = 60_000;

/** A time of whoever looks, as one of the API; nothing if it is none. */
function momentOf(local: string): string | undefined {
  const date = new Date(local);
  return local === '' || Number.isNaN(date.getTime()) ? undefined : date.toISOString();
}

function queryOf({ status, user, from, to }: Filters): CallQuery {
  const [since, until] = [momentOf(from), momentOf(to)];
  return {
    ...(status !== '' && { status }),
    ...(user !== '' && { user_id: user }),
    ...(since !== undefined && { from: since }),
    // Whoever types 14:05 means all of that minute.
    ...(until !== undefined && { to: new Date(Date.parse(until) + MINUTE_MS).toISOString() }),
    limit: PER_PAGE,
  };
}

function Calls({ filters }: { readonly filters: Filters }) {
  const query = queryOf(filters);
  const {
    first,
    items: calls,
    more,
    failure,
    refresh,
  } = usePages({
    ask: (next) => api.calls({ ...query, ...(next !== undefined && { next }) }),
    itemsOf: (page: StageCallPage) => page.calls,
  });
  if (!first) return failure ? <FailureNotice failure={failure} retry={refresh} /> : <Loading what="calls" />;
  const shown = calls.filter((each) => says(each, filters));
  return (
    <>
      {failure && <FailureNotice failure={failure} retry={refresh} />}
      <p class="facts" role="status">
        {filters.verdict === '' ? counted(shown.length) : `${counted(shown.length)} of the newest ${calls.length}`}
      </p>
      {shown.length > 0 ? <CallList calls={shown} userId={filters.user} /> : <NoCalls filters={filters} />}
      {more && <ShowEarlier what="calls" more={more} />}
    </>
  );
}

const counted = (count: number): string => (count === 1 ? 'One call' : `${count} calls`);

/** Whether a verdict has that text: that of the user who is looked for, if they were rung, else anybody's. */
function says({ verdicts }: StageCall, { verdict, user }: Filters): boolean {
  const wanted = verdict.trim().toLowerCase();
  const own = verdicts.filter(({ user_id }) => user_id === user);
  return wanted === '' || (own.length > 0 ? own : verdicts).some((each) => each.verdict.toLowerCase().includes(wanted));
}

function NoCalls({ filters }: { readonly filters: Filters }) {
  const isNarrowed = Object.values(filters).some((value) => value !== '');
  return (
    <div class="empty">
      {isNarrowed ? (
        <p>No call matches. Refused calls are not listed here: look into the log.</p>
      ) : (
        <p>
          Nobody has called yet. Try it: <Command tool="ring" options="--to bob" />
        </p>
      )}
    </div>
  );
}
