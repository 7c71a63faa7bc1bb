/** A push as the fakes of FCM and APNs have received it. */
export interface Push {
  readonly at: string;
  readonly headers: Readonly<Record<string, string>>;
  // biome-ignore lint/suspicious/noExplicitAny: the shape is the provider's
  readonly body: any; // oxlint-disable-line typescript/no-explicit-any -- see above
}

/** What happened in the demo, and when. */
export interface Timeline {
  /** Something happened: now, or when `push` was received. */
  step(who: string, what: string, push?: Push): void;
  /** Starts the clock of the call. */
  ring(): void;
  /** One line an event, the earliest first; with the pushes themselves if `verbose`. */
  text(verbose: boolean): string;
}

interface Step {
  readonly at: number;
  readonly isBeforeRing: boolean;
  readonly who: string;
  readonly what: string;
  readonly push: Push | undefined;
}

/** Starts with no events. Pushes are noticed later than they happen, so events are sorted before they are printed. */
export function startTimeline(clock: () => number = Date.now): Timeline {
  const steps: Step[] = [];
  let rangAt: number | undefined;
  return {
    step(who, what, push) {
      const at = push ? Date.parse(push.at) : clock();
      steps.push({ at, isBeforeRing: rangAt === undefined, who, what, push });
    },
    ring() {
      rangAt = clock();
    },
    text: (verbose) =>
      steps
        .toSorted((a, b) => a.at - b.at)
        .flatMap(({ at, isBeforeRing, who, what, push }) => {
          const sinceRing = isBeforeRing || rangAt === undefined ? '' : `${at - rangAt} ms`;
          const line = `${sinceRing.padStart(8)}  ${who.padEnd(13)} ${what}`;
          return verbose && push ? [line, ...detailsOf(push).map((detail) => `${''.padStart(24)}${detail}`)] : [line];
        })
        .join('\n'),
  };
}

const APNS_HEADERS = ['apns-push-type', 'apns-topic', 'apns-priority', 'apns-expiration'];
/** The keys that show what a push is about. Its wake token is left out: it is a secret. */
const KEYS = ['type', 'call_cid', 'created_by_name', 'receiver_id', 'reason', 'expires_at'];

function detailsOf({ headers, body }: Push): string[] {
  if (body.message === undefined) {
    return [APNS_HEADERS.map((name) => `${name}: ${headers[name]}`).join(', '), `payload: ${brief(body)}`];
  }
  const { android, data } = body.message;
  return [`android: ${JSON.stringify(android)}`, `data:    ${brief(data)}`];
}

const brief = (keys: Readonly<Record<string, string>>): string =>
  JSON.stringify(Object.fromEntries(KEYS.flatMap((key) => (keys[key] === undefined ? [] : [[key, keys[key]]]))));
