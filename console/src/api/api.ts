import { CarillonError } from '#client/errors.ts';
import { Rest } from '#client/rest.ts';
import { Tokens } from '#client/tokens.ts';
import type {
  CallResource,
  Checkup,
  CreatedCall,
  DeliveryPage,
  Health,
  StageCallPage,
  Trace,
  UserAnswer,
} from '#client/wire.ts';
import { cidPath } from './cid-path.ts';
import { currentToken, forgetToken } from './session.ts';

/** A request that failed. */
export type Failure = CarillonError;

let signedOut: (reason: string) => void = () => undefined;

/** Says who is told when the token is refused. */
export function onSignedOut(listener: (reason: string) => void): void {
  signedOut = listener;
}

/** Asks the API as the operator whose token this tab has. */
async function ask<Answer>(method: string, path: string, body?: object): Promise<Answer> {
  try {
    const token = currentToken();
    if (token === undefined)
      throw new CarillonError('unauthenticated', 'there is no token', { status: 401, reason: 'missing' });
    return await new Rest(location.origin, new Tokens(token, Date.now)).request<Answer>(method, path, body);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.status === 401) {
      forgetToken();
      signedOut(failure.reason ?? 'unknown');
    }
    throw failure;
  }
}

const encoded = encodeURIComponent;

/** The path of a call's resource, from its cid. */
export const callPath = (cid: string): string => `/api/v2/video/call/${cidPath(cid)}`;

/** A call with how its rings went. */
export type StageCall = StageCallPage['calls'][number];

/** All that the service knows of a user. */
export type SeenUser = UserAnswer['user'];

/** Which calls are asked for. */
export interface CallQuery {
  readonly status?: string;
  readonly user_id?: string;
  readonly from?: string;
  readonly to?: string;
  readonly limit?: number;
  readonly next?: string;
}

/** A delivery to a webhook. */
export type Delivery = DeliveryPage['deliveries'][number];

/** Which deliveries are asked for. */
export interface DeliveryQuery {
  readonly status?: string;
  readonly webhook?: string;
  readonly limit?: number;
  readonly next?: string;
}

function queryOf(parameters: CallQuery | DeliveryQuery): string {
  const given = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined || value === '' ? [] : [[name, String(value)]],
  );
  return new URLSearchParams(given).toString();
}

/** A ring by which an operator looks whether a user can be reached, or talks to them. */
export interface TestRing {
  readonly id: string;
  readonly userId: string;
  readonly video: boolean;
  readonly hardwareId: string;
}

/** The cid of a test ring. */
export const cidOf = (id: string): string => `default:${id}`;

/** What the console asks the API for. All of it is in openapi.json. */
export const api = {
  health: (): Promise<Health> => ask('GET', '/health'),
  calls: (query: CallQuery): Promise<StageCallPage> => ask('GET', `/api/v2/calls?${queryOf(query)}`),
  call: (cid: string): Promise<CallResource> => ask('GET', callPath(cid)),
  trace: (cid: string): Promise<Trace> => ask('GET', `${callPath(cid)}/trace`),
  endCall: (cid: string): Promise<CallResource> => ask('POST', `${callPath(cid)}/mark_ended`, {}),
  user: async (userId: string): Promise<SeenUser> =>
    (await ask<UserAnswer>('GET', `/api/v2/users/${encoded(userId)}`)).user,
  removeDevice: (userId: string, token: string): Promise<null> =>
    ask('DELETE', `/api/v2/devices?id=${encoded(token)}&user_id=${encoded(userId)}`),
  /** Ends a call that nobody waits for any more: the browser sends it also when the page is gone. */
  endCallAtLast: (cid: string): void => {
    const headers = { authorization: `Bearer ${currentToken()}`, 'content-type': 'application/json' };
    const last: RequestInit = { method: 'POST', keepalive: true, headers, body: '{}' };
    // Without an answer the server notices by itself, some seconds later.
    void fetch(`${callPath(cid)}/mark_ended`, last).catch(() => undefined);
  },
  /** The id of a test ring that nobody has made yet. */
  newTestRing: (): string => `test-ring-${crypto.randomUUID()}`,
  deliveries: (query: DeliveryQuery): Promise<DeliveryPage> =>
    ask('GET', `/api/v2/webhooks/deliveries?${queryOf(query)}`),
  /** What the doctor found when it ran last. */
  checkup: (): Promise<Checkup> => ask('GET', '/api/v2/doctor'),
  /** Has a webhook tried once more. */
  replay: (id: string): Promise<object> => ask('POST', `/api/v2/webhooks/deliveries/${encoded(id)}/replay`),
  /** Rings a user, from the operator. The answer has a token by which a browser takes part in this one call. */
  testRing: ({ id, userId, video, hardwareId }: TestRing): Promise<CreatedCall> =>
    ask('POST', callPath(cidOf(id)), {
      members: [{ user_id: userId }],
      ring: true,
      video,
      hardware_id: hardwareId,
    }),
};

/** Something answers, but not with what the documents say. */
export const notCarillon = (cause?: unknown): Failure =>
  new CarillonError('not_carillon', 'The server answers with something else than Carillon does.', { cause });

/** Any error as one of the client. */
export const failureOf = (error: unknown): Failure =>
  error instanceof CarillonError ? error : new CarillonError('internal', String(error), { cause: error });
