import { appendFileSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { inject } from 'vitest';
import type { Api, Socket } from './raw-client.ts';

/** Shorter texts can appear in any log by chance. */
const MIN_CHARACTERS = 10;

/** Fields whose texts no log may contain. */
const SECRET_FIELDS: ReadonlySet<string> = new Set(['sdp', 'candidate', 'token', 'p256dh', 'auth', 'custom']);

// The tests run in several processes, and the search of the log runs in another one, so a file passes the secrets on.

/** Forgets what an earlier run sent. */
export const forgetSecrets = (file: string): void => rmSync(file, { force: true });

/** All secrets that the tests have sent. */
export const secretsSent = (file: string): string[] =>
  existsSync(file)
    ? readFileSync(file, 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => String(JSON.parse(line)))
    : [];

/** The same API. The secrets that are sent through it are recorded. */
export const rememberingApi = (api: Api): Api => ({
  request(method, path, options = {}) {
    const { token, body, headers } = options;
    const devices = path.startsWith('/api/v2/devices');
    remember([
      path.split('?')[1],
      token,
      headers?.['authorization'],
      ...(typeof body === 'string' ? [body] : secretsIn(body, devices ? 'token' : undefined)),
    ]);
    return api.request(method, path, options);
  },
});

/** The same socket. The secrets that are sent through it are recorded. */
export const rememberingSocket = (socket: Socket): Socket => ({
  ...socket,
  send(frame) {
    remember(secretsIn(frame));
    socket.send(frame);
  },
  ask(frame) {
    remember(secretsIn(frame));
    return socket.ask(frame);
  },
});

/** A text of one repeated letter only fills a field up to its limit. Ids in logs have such texts, too. */
const isFiller = (text: string): boolean => new Set(text).size === 1;

function remember(texts: readonly (string | undefined)[]): void {
  const lines = texts.flatMap((text) =>
    text !== undefined && text.length >= MIN_CHARACTERS && !isFiller(text) ? [`${JSON.stringify(text)}\n`] : [],
  );
  if (lines.length > 0) appendFileSync(inject('stackFiles').secrets, lines.join(''));
}

/** The texts within secret fields; a device's token is its `id`. */
function secretsIn(value: unknown, idMeans?: 'token'): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) =>
    SECRET_FIELDS.has(field) || (field === 'id' && idMeans) ? textsIn(inner) : secretsIn(inner, idMeans),
  );
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
