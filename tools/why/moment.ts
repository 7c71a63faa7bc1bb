/** A moment of the day or of a date, as somebody in a time zone says it. */
const SAID = /^(?:(\d{4})-(\d\d)-(\d\d)[T ])?(\d{1,2}):(\d\d)(?::(\d\d))?$/;

/** With an offset it means the same everywhere. */
const ABSOLUTE = /^\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:\d\d)$/;

/**
 * The moment that `said` means in the time zone `tz`, in epoch milliseconds: `14:05`, which is the latest one, or with a
 * date; undefined if it means none.
 */
export function momentOf(said: string, tz: string, now: number): number | undefined {
  if (ABSOLUTE.test(said)) return defined(Date.parse(said));
  const [, year, month, day, hour, minute, second = '0'] = SAID.exec(said) ?? [];
  const time = [hour, minute, second].map(Number);
  if (time.length !== 3 || hour === undefined || time.some((part, i) => part >= (i === 0 ? 24 : 60))) return undefined;
  if (year !== undefined) {
    const date = [year, month, day].map(Number);
    const at = zoned(date, time, tz);
    // The 31st of a month that has 30 days would be another day.
    return at !== undefined && partsIn(at, tz).slice(0, 3).join() === date.join() ? at : undefined;
  }
  const [today, yesterday] = [now, now - 86_400_000].map((at) => zoned(partsIn(at, tz).slice(0, 3), time, tz));
  return today !== undefined && today <= now ? today : yesterday;
}

const defined = (at: number): number | undefined => (Number.isNaN(at) ? undefined : at);

/** What the clocks of `tz` show at `at`: year, month, day, hour, minute, second. */
function partsIn(at: number, tz: string): number[] {
  const format = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone: tz, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
    ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
  });
  const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]));
  return (['year', 'month', 'day', 'hour', 'minute', 'second'] as const).map((type) => parts.get(type) ?? 0);
}

const utc = ([year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0]: readonly number[]): number =>
  Date.UTC(year, month - 1, day, hour, minute, second);

/** When the clocks of `tz` show that; where they jump over it, an hour later. */
function zoned(date: readonly number[], time: readonly number[], tz: string): number | undefined {
  const shown = utc([...date, ...time]);
  if (Number.isNaN(shown)) return undefined;
  const offsetAt = (at: number): number => utc(partsIn(at, tz)) - at;
  const guess = shown - offsetAt(shown);
  return shown - offsetAt(guess);
}

/** A moment as the clocks of `tz` show it. */
export const clockIn = (at: number, tz: string): string =>
  new Intl.DateTimeFormat('sv-SE', { timeZone: tz, dateStyle: 'short', timeStyle: 'medium' }).format(at);

/** Whether there is such a time zone. */
export function isTimeZone(tz: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: tz });
    return true;
  } catch {
    // It throws for a name that it does not know.
    return false;
  }
}
