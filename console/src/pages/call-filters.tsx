import { useEffect, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';

/** What the list is narrowed to, as it is in the address. Times are those of whoever looks. */
export interface Filters {
  readonly status: string;
  readonly user: string;
  readonly from: string;
  readonly to: string;
  readonly verdict: string;
}

const STATUSES = ['created', 'ringing', 'active', 'ended', 'missed'];

/** The filters of an address. */
export const filtersOf = ({
  status = '',
  user = '',
  from = '',
  to = '',
  verdict = '',
}: Readonly<Record<string, string>>): Filters => ({
  status,
  user,
  from,
  to,
  verdict,
});

/** The form with the filters. It changes the address, so that a list can be passed on. */
export function CallFilters({ filters }: { readonly filters: Filters }) {
  const { route } = useLocation();
  const [draft, setDraft] = useState(filters);
  // An address that was followed or gone back to.
  useEffect(() => setDraft(filters), [JSON.stringify(filters)]);
  const set = (name: keyof Filters) => (event: { readonly currentTarget: { readonly value: string } }) =>
    setDraft({ ...draft, [name]: event.currentTarget.value });
  const show = (wanted: Filters): void => {
    const given = Object.entries(wanted).filter(([, value]) => value !== '');
    route(`/console/${given.length > 0 ? `?${new URLSearchParams(given)}` : ''}`, true);
  };
  return (
    <form
      class="filters"
      onSubmit={(event) => {
        event.preventDefault();
        show({ ...draft, user: draft.user.trim() });
      }}
    >
      <label>
        User
        <input
          type="text"
          autocomplete="off"
          spellcheck={false}
          value={draft.user}
          onInput={set('user')}
          placeholder="user id"
        />
      </label>
      <label>
        From
        <input type="datetime-local" value={draft.from} onInput={set('from')} />
      </label>
      <label>
        To
        <input type="datetime-local" value={draft.to} onInput={set('to')} />
      </label>
      <label>
        State
        <select value={draft.status} onInput={set('status')}>
          <option value="">any</option>
          {STATUSES.map((status) => (
            <option key={status}>{status}</option>
          ))}
        </select>
      </label>
      <label>
        Verdict has
        <input type="text" value={draft.verdict} onInput={set('verdict')} placeholder="not rung" />
      </label>
      <div class="actions">
        <button type="submit" class="small">
          Show
        </button>
        <button
          type="button"
          class="outline small"
          onClick={() => {
            setDraft(filtersOf({}));
            show(filtersOf({}));
          }}
        >
          All calls
        </button>
      </div>
    </form>
  );
}
