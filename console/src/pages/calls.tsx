import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import type { StageCallPage } from '#client/wire.ts';
import { api, type CallQuery, type Failure, failureOf, type StageCall } from '../api/api.ts';
import { usePolled } from '../api/use-polled.ts';
import { Command } from '../parts/command.tsx';
import { FailureNotice } from '../parts/failure-notice.tsx';
import { Loading, Page } from '../parts/page.tsx';
import { CallFilters, type Filters, filtersOf } from './call-filters.tsx';
import { CallList } from './call-list.tsx';

/** How often the newest calls are looked for. */
const PAUSE_MS = 4000;
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

/** Pages that were asked for after the first, and where the next one begins. */
interface Older {
  readonly calls: readonly StageCall[];
  readonly next?: string | undefined;
}

function Calls({ filters }: { readonly filters: Filters }) {
  const query = queryOf(filters);
  const { data, failure, refresh } = usePolled(
    () => api.calls(query),
    () => PAUSE_MS,
  );
  const [older, setOlder] = useState<Older>();
  if (!data) return failure ? <FailureNotice failure={failure} retry={refresh} /> : <Loading what="calls" />;
  const calls = withoutTwice([...data.calls, ...(older?.calls ?? [])]);
  const shown = calls.filter((each) => says(each, filters));
  const next = older ? older.next : data.next;
  return (
    <>
      {failure && <FailureNotice failure={failure} retry={refresh} />}
      <p class="facts" role="status">
        {filters.verdict === '' ? counted(shown.length) : `${counted(shown.length)} of the newest ${calls.length}`}
      </p>
      {shown.length > 0 ? <CallList calls={shown} userId={filters.user} /> : <NoCalls filters={filters} />}
      {next !== undefined && <More query={{ ...query, next }} take={(page) => setOlder(joined(older, data, page))} />}
    </>
  );
}

const joined = (older: Older | undefined, first: StageCallPage, page: StageCallPage): Older => ({
  // What the first page shows now it may not show any more when newer calls have come.
  calls: [...(older?.calls ?? first.calls), ...page.calls],
  next: page.next,
});

const counted = (count: number): string => (count === 1 ? 'One call' : `${count} calls`);

/** Whether a verdict has that text: that of the user who is looked for, if they were rung, else anybody's. */
function says({ verdicts }: StageCall, { verdict, user }: Filters): boolean {
  const wanted = verdict.trim().toLowerCase();
  const own = verdicts.filter(({ user_id }) => user_id === user);
  return wanted === '' || (own.length > 0 ? own : verdicts).some((each) => each.verdict.toLowerCase().includes(wanted));
}

/** Of a call that is there twice the first counts: it was read later. */
function withoutTwice(calls: readonly StageCall[]): StageCall[] {
  const byCid = new Map<string, StageCall>();
  for (const each of calls) if (!byCid.has(each.call.cid)) byCid.set(each.call.cid, each);
  return [...byCid.values()];
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

function More({ query, take }: { readonly query: CallQuery; readonly take: (page: StageCallPage) => void }) {
  const [state, setState] = useState<{ readonly isLoading: boolean; readonly failure?: Failure }>({ isLoading: false });
  const look = async (): Promise<void> => {
    setState({ isLoading: true });
    try {
      take(await api.calls(query));
      setState({ isLoading: false });
    } catch (error) {
      setState({ isLoading: false, failure: failureOf(error) });
    }
  };
  return (
    <>
      {state.failure && <FailureNotice failure={state.failure} />}
      <button type="button" class="outline small" aria-busy={state.isLoading} onClick={look}>
        Show earlier calls
      </button>
    </>
  );
}
