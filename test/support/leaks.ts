/** A line of a log that holds what no log may hold. */
export interface Leak {
  readonly kind: string;
  /** The line, with what leaked blotted out. */
  readonly line: string;
}

/** What must not be in a log, whoever sent it. */
const PATTERNS: Readonly<Record<string, RegExp>> = {
  'a JSON Web Token': /eyJ[\w-]+\.[\w-]+\.[\w-]+/,
  'an SDP': /\bv=0\b/,
  'a candidate': /candidate:/,
  'a query string': /[?&](?:token|id|user_id|hardware_id|status|limit|next)=/,
  'a token by its name': /\btoken=/,
  'a push token of the tests': /[a-z]+-token-[0-9a-f]{8}/,
};

/** As much of a long text as a log line may quote of it. */
const QUOTED = 60;

/** The lines of `log` that hold one of `secrets`, or anything that looks like one. */
export function leaksIn(log: string, secrets: Iterable<string> = []): Leak[] {
  const sent = [...new Set([...secrets].flatMap(writings))];
  return log.split('\n').flatMap((line) => {
    for (const [kind, pattern] of Object.entries(PATTERNS)) {
      if (pattern.test(line)) return [{ kind, line: line.replace(new RegExp(pattern, 'g'), '█') }];
    }
    const secret = sent.find((text) => line.includes(text));
    return secret === undefined ? [] : [{ kind: 'a text that a test sent', line: line.replaceAll(secret, '█') }];
  });
}

/** A secret as it may stand in a line of JSON, or in a URL. */
function writings(secret: string): string[] {
  const begin = secret.slice(0, QUOTED);
  const json = JSON.stringify(begin).slice(1, -1);
  return [begin, json, JSON.stringify(json).slice(1, -1), encodeURIComponent(begin)];
}
