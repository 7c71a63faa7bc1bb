import { createHmac } from 'node:crypto';
import { BOOLEAN, check, type Kind, type Shape, STRING } from '../check.ts';
import { CarillonError } from '../errors.ts';

/** Whom a token is for. */
export interface MintOptions {
  /** The deployment's key ring, as the secret `token-keys` holds it: the JSON, or what it says. `current` names the key that signs. */
  readonly keys: string | Readonly<Record<string, string>>;
  /** The user: required, but for a server's token, for which it is whom it acts for if a request says nobody else. */
  readonly userId?: string;
  /** The user's name, which pushes and events show. */
  readonly name?: string;
  /** The address of the user's picture. */
  readonly image?: string;
  /** A token of the app's own backend, which may act for any user. Never give it to an app. */
  readonly server?: boolean;
  /** How long it is good, in seconds above 0; a day by default. */
  readonly expiresInS?: number;
}

/** Mints a login token for a user, or a server token, without a request. Only for the app's backend: it needs the key. */
export function mintToken(options: MintOptions): string {
  check('options', options, OPTIONS);
  const { userId, name, image, server = false, expiresInS = 86_400 } = options;
  if (!server) check('options.userId', userId, USER_ID);
  const keys = keyRingOf(options.keys);
  const current = String(Reflect.get(keys, 'current'));
  const key: unknown = current === 'current' ? undefined : Reflect.get(keys, current);
  if (key === undefined) {
    throw new CarillonError('invalid_argument', 'options.keys has no key by the name that `current` says');
  }
  check(`options.keys.${current}`, key, KEY);
  const iat = Math.floor(Date.now() / 1000);
  const claims = {
    ...(userId !== undefined && { user_id: userId }),
    ...(name !== undefined && { name }),
    ...(image !== undefined && { image }),
    ...(server && { role: 'server' }),
    aud: 'carillon',
    iat,
    exp: iat + expiresInS,
  };
  const signed = `${part({ alg: 'HS256', typ: 'JWT', kid: current })}.${part(claims)}`;
  return `${signed}.${createHmac('sha256', String(key)).update(signed).digest('base64url')}`;
}

const USER_ID: Kind = [
  'a string of 1 to 128 of A-Z a-z 0-9 @ . _ : | + = ~ -',
  (value) => typeof value === 'string' && /^[A-Za-z0-9@._:|+=~-]{1,128}$/.test(value) && value !== '__proto__',
];

/** As long as the deployment asks for. */
const KEY: Kind = ['a string of at least 16 characters', (value) => STRING[1](value) && String(value).length >= 16];

const SECONDS: Kind = ['a number of seconds above 0', (value) => Number.isFinite(value) && Number(value) > 0];

const OPTIONS: Shape = {
  'userId?': USER_ID,
  'name?': STRING,
  'image?': STRING,
  'server?': BOOLEAN,
  'expiresInS?': SECONDS,
};

const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

function keyRingOf(keys: MintOptions['keys']): object {
  try {
    return Object(typeof keys === 'string' ? JSON.parse(keys) : keys);
  } catch (cause) {
    throw new CarillonError('invalid_argument', 'options.keys is not JSON', { cause });
  }
}
