import { z } from 'zod';
import type { PushFakes } from '../../push/push-fakes.ts';
import type { Route } from './route.ts';

const pushesWanted = z.object({ token: z.string('required'), at_least: z.coerce.number().int().min(0).default(0) });
const outcomes = z.object({ token: z.string(), outcomes: z.unknown() });
const phone = z.object({ token: z.string(), state: z.string() });

/** The routes that look into the fakes of the push services, and steer them. */
export const pushRoutes = (fakes: PushFakes): Route[] => [
  ['GET', /^pushes$/, ({ query }) => received(fakes, query)],
  ['DELETE', /^pushes$/, ({ query }) => forget(fakes, query)],
  ['GET', /^providers$/, () => fakes.providers],
  ['GET', /^providers\/stats$/, () => fakes.stats()],
  ['GET', /^violations$/, () => ({ violations: fakes.violations() })],
  ['POST', /^push-outcomes$/, ({ body }) => script(fakes, body)],
  ['POST', /^push-faults$/, ({ body }) => fault(fakes, body)],
  ['DELETE', /^push-faults$/, () => clearFaults(fakes)],
  ['POST', /^phones$/, ({ body }) => setPhone(fakes, body)],
];

/** What came for a token; with `at_least` the answer waits until it is so many requests. */
async function received(fakes: PushFakes, query: URLSearchParams): Promise<object> {
  const { token, at_least } = pushesWanted.parse(Object.fromEntries(query));
  await fakes.arrived(token, at_least);
  return { pushes: fakes.pushes(token) };
}

function forget(fakes: PushFakes, query: URLSearchParams): object {
  fakes.forget(pushesWanted.parse(Object.fromEntries(query)).token);
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
