import { z } from 'zod';
import type { PushFakes } from '../../push/push-fakes.ts';
import type { Route } from './route.ts';

const count = z
  .string()
  .regex(/^\d{1,9}$/, 'must be a whole number')
  .transform(Number)
  .default(0);
const pushesOfToken = z.object({ token: z.string('required'), at_least: count });
const pushesOfAny = z.object({ at_least: z.undefined('needs a token').optional() });
const outcomes = z.object({ token: z.string(), outcomes: z.unknown() });
const subscription = z.object({ application_server_key: z.string().optional() }).default({});
const phone = z.object({ token: z.string(), state: z.string() });

/** The routes that show and steer the fakes of the push services. */
export const pushRoutes = (fakes: PushFakes): Route[] => [
  ['GET', /^pushes$/, ({ query }) => received(fakes, query)],
  ['DELETE', /^pushes$/, ({ query }) => forget(fakes, query)],
  ['GET', /^providers\/stats$/, () => fakes.stats()],
  ['GET', /^violations$/, () => ({ violations: fakes.violations() })],
  ['POST', /^push-outcomes$/, ({ body }) => script(fakes, body)],
  ['POST', /^push-faults$/, ({ body }) => fault(fakes, body)],
  ['DELETE', /^push-faults$/, () => clearFaults(fakes)],
  ['POST', /^webpush\/subscriptions$/, ({ body }) => fakes.subscribe(subscription.parse(body).application_server_key)],
  ['POST', /^phones$/, ({ body }) => setPhone(fakes, body)],
];

/**
 * The requests for a token, or the latest ones for all tokens. With `at_least` the answer waits until there are that many
 * for the token.
 */
async function received(fakes: PushFakes, query: URLSearchParams): Promise<object> {
  const asked = Object.fromEntries(query);
  if (!('token' in asked)) {
    pushesOfAny.parse(asked);
    return { pushes: fakes.latestPushes() };
  }
  const { token, at_least } = pushesOfToken.parse(asked);
  await fakes.arrived(token, at_least);
  return { pushes: fakes.pushes(token) };
}

function forget(fakes: PushFakes, query: URLSearchParams): object {
  fakes.forget(pushesOfToken.parse(Object.fromEntries(query)).token);
  return {};
}

function script(fakes: PushFakes, body: unknown): object {
  const request = outcomes.parse(body);
  fakes.script(request.token, request.outcomes);
  return {};
}

function setPhone(fakes: PushFakes, body: unknown): object {
  const { token, state } = phone.parse(body);
  fakes.setPhone(token, state);
  return {};
}

function fault(fakes: PushFakes, body: unknown): object {
  fakes.fault(body);
  return {};
}

function clearFaults(fakes: PushFakes): object {
  fakes.clearFaults();
  return {};
}
