/** A line of a log with something that no log may contain. */
export interface Leak {
  readonly kind: string;
  /** The line, with the secret blotted out. */
  readonly line: string;
}

/** What no log may contain, whoever sent it. */
const PATTERNS: Readonly<Record<string, RegExp>> = {
  'a JSON Web Token': /eyJ[\w-]+\.[\w-]+\.[\w-]+/,
  'an SDP': /\bv=0\b/,
  'a candidate': /candidate:/,
  'a query string': /[?&](?:token|id|user_id|hardware_id|status|limit|next)=/,
  'a token by its name': /\btoken=/,
  'a push token of the tests': /[a-z]+-token-[0-9a-f]{8}/,
};

/** How much of a long secret is searched for: a log line may quote its beginning only. */
const QUOTED = 60;

/** The lines of `log` that contain one of `secrets`, or anything that looks like a secret. */
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

/** A secret as it can appear in a text, in JSON, in JSON within JSON, and in a URL. */
function writings(secret: string): string[] {
  const begin = secret.slice(0, QUOTED);
  const json = JSON.stringify(begin).slice(1, -1);
  return [begin, json, JSON.stringify(json).slice(1, -1), encodeURIComponent(begin)];
}
