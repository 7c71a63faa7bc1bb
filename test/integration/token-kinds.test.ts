import { describe, expect, it } from 'vitest';
import { nextToken } from '#wire/rest/requests.ts';
import {
  callPath,
  connectWith,
  keysOf,
  onceKeysAreKnown,
  type Person,
  people,
  pushOf,
  rest,
  ring,
  tokenWith,
  unique,
} from '../support/people.ts';
import type { Socket } from '../support/raw-client.ts';
import { type Cell, tokenTable } from '../support/token-table.ts';

// Tries every cell of the table in docs/tokens.md, so that the document is true.

type Side = 'caller' | 'callee';

/** A call that rings Bob on two phones, as it is seen with one kind of token. */
interface Scene {
  readonly id: string;
  readonly cid: string;
  /** The id of another call of these two and a third, which rings as well. */
  readonly other: () => Promise<string>;
  readonly alice: Person;
  readonly bob: Person;
  /** The token under test, for REST and for a socket. */
  readonly rest: (side: Side) => Promise<string>;
  readonly socket: (side: Side) => Promise<Socket>;
  /** The query by which a server token says for whom it acts, and an operator at whom they look. */
  readonly acting: (side: Side, action: string) => string;
  readonly close: () => Promise<unknown>;
}

/** What an operator does in their own name. */
const BY_OPERATORS: ReadonlySet<string> = new Set(['create another call', 'end']);

/** Makes the token under test: a new one, or one from answering the call on one of Bob's phones. */
const TOKENS: Readonly<Record<string, (user: Person, woken: () => Promise<Woken>) => Promise<string>>> = {
  login: async (user) => user.token,
  'IdP login': async (user) =>
    (await rest().request('POST', '/_local/issuer/tokens', { body: { claims: { sub: user.id } } })).body.token,
  server: (user) => tokenWith({ role: 'server', user_id: user.id }),
  operator: () => tokenWith({ name: 'Olga' }, { kind: 'operator' }),
  call: async (_, woken) => (await woken()).accept('first'),
  'wake: rings': async (_, woken) => (await woken()).first,
  'wake: answered here': async (_, woken) => {
    const { first, accept } = await woken();
    await accept('first');
    return first;
  },
  'wake: answered elsewhere': async (_, woken) => {
    const { first, accept } = await woken();
    await accept('second');
    return first;
  },
};

/** The wake tokens of bob's two phones. */
interface Woken {
  readonly first: string;
  /** Answers on one of them, and returns its call token. */
  accept(on: 'first' | 'second'): Promise<string>;
}

async function sceneFor(kind: string): Promise<Scene> {
  const [alice, bob] = await people('alice', 'bob');
  const isLogin = kind.includes('login') || kind === 'server' || kind === 'operator';
  const phones = await Promise.all(
    (isLogin ? [] : ['first', 'second']).map((hardware_id) => bob.android({ hardware_id })),
  );
  const sockets: Socket[] = [];
  const { id, cid } = await ring(alice, bob);
  const woken = async (): Promise<Woken> => {
    const [first = '', second = ''] = await Promise.all(
      phones.map(async (phone) => keysOf(await pushOf(phone, 'call.ring'))['wake_token']),
    );
    const accept = async (on: 'first' | 'second') => {
      const token = on === 'first' ? first : second;
      const { body } = await rest().request('POST', callPath(id, '/accept'), { token, body: {} });
      // The phone that answers connects: otherwise Bob would leave the call after the grace.
      sockets.push(await bob.connect({ hardwareId: on }));
      return body.call_token;
    };
    return { first, accept };
  };
  const make = TOKENS[kind];
  if (!make) throw new Error(`docs/tokens.md names a kind of token that this test does not know: ${kind}`);
  const callees = await make(bob, woken);
  const callers = isLogin ? await make(alice, woken) : callees;
  const tokenOf = (side: Side) => (side === 'caller' ? callers : callees);
  return {
    id,
    cid,
    alice,
    bob,
    other: () => anotherRing(alice, bob),
    rest: async (side) => (kind === 'server' ? tokenWith({ role: 'server' }) : tokenOf(side)),
    acting: (side, action) =>
      kind === 'server' || (kind === 'operator' && !BY_OPERATORS.has(action))
        ? `?user_id=${(side === 'caller' ? alice : bob).id}`
        : '',
    async socket(side) {
      const socket = await onceKeysAreKnown(() => connectWith(tokenOf(side)));
      sockets.push(socket);
      await socket.next('user.connected');
      return socket;
    },
    close: () => Promise.all(sockets.map((socket) => socket.close())),
  };
}

/** Rings bob, among others, although he is being rung already, which only the app's own backend may. */
async function anotherRing(alice: Person, bob: Person): Promise<string> {
  const id = unique('other');
  const settings_override = { ring: { auto_cancel_timeout_ms: 180_000, busy: 'ring' } };
  const members = [{ user_id: bob.id }, { user_id: unique('third') }];
  const body = { members, ring: true, settings_override };
  const token = await tokenWith({ role: 'server' });
  await rest().request('POST', `${callPath(id)}?user_id=${alice.id}`, { token, body });
  return id;
}

type Asked = readonly [method: string, path: string, body?: object];

/** One action: how to do it, as which side, and whether it changes the call. */
interface Action {
  readonly side?: Side;
  readonly changes?: boolean;
  /** What it is done to is not there, which only those hear who may do it. */
  readonly onNothing?: boolean;
  readonly rest?: (scene: Scene) => Asked | Promise<Asked>;
  readonly frame?: (scene: Scene) => object | Promise<object>;
}

const step = (last: string, frame: string | undefined, changes: boolean): Action => ({
  changes,
  rest: ({ id }) => ['POST', callPath(id, `/${last}`), {}],
  ...(frame !== undefined && { frame: ({ cid }) => ({ type: frame, call_cid: cid }) }),
});
const NO_DELIVERY = nextToken(`2026-11-20T12:00:00.000Z#${'0'.repeat(16)}#evt_0`);
const newcomer = () => ({ members: [{ user_id: unique('newcomer') }] });

const ACTIONS: Readonly<Record<string, Action>> = {
  'register a device': {
    rest: () => ['POST', '/api/v2/devices', { id: unique('token'), push_provider: 'firebase' }],
  },
  'list devices': { rest: () => ['GET', '/api/v2/devices'] },
  'remove a device': { rest: () => ['DELETE', '/api/v2/devices?id=nothing'] },
  'block a user': { rest: () => ['PUT', '/api/v2/blocks/mallory'] },
  'unblock a user': { rest: () => ['DELETE', '/api/v2/blocks/mallory'] },
  'list blocks': { rest: () => ['GET', '/api/v2/blocks'] },
  'set preferences': { rest: () => ['PUT', '/api/v2/preferences', { do_not_disturb: false }] },
  'read preferences': { rest: () => ['GET', '/api/v2/preferences'] },
  'sign out everywhere': { changes: true, rest: ({ bob }) => ['POST', `/api/v2/users/${bob.id}/sign_out`] },
  'delete the user': { changes: true, rest: ({ bob }) => ['DELETE', `/api/v2/users/${bob.id}`] },
  'list calls': { rest: () => ['GET', '/api/v2/video/calls'] },
  'list the stage’s calls': { rest: () => ['GET', '/api/v2/calls'] },
  'look at a user': { rest: ({ bob }) => ['GET', `/api/v2/users/${bob.id}`] },
  'list webhook deliveries': { rest: () => ['GET', '/api/v2/webhooks/deliveries'] },
  'send a webhook again': {
    onNothing: true,
    rest: () => ['POST', `/api/v2/webhooks/deliveries/${NO_DELIVERY}/replay`],
  },
  'read what the doctor found': { rest: () => ['GET', '/api/v2/doctor'] },
  'keep what the doctor found': {
    rest: () => ['PUT', '/api/v2/doctor', { findings: [{ state: 'good', about: 'stack', says: 'answers' }] }],
  },
  'get ICE servers': { rest: () => ['GET', '/api/v2/ice_servers'] },
  'create another call': {
    side: 'caller',
    rest: () => ['POST', callPath(unique('new')), { ...newcomer(), ring: true }],
    frame: () => ({ type: 'call.ring', call_id: unique('new'), ...newcomer() }),
  },
  'get or create the call': { rest: ({ id, bob }) => ['POST', callPath(id), { members: [{ user_id: bob.id }] }] },
  'read the call': { rest: ({ id }) => ['GET', callPath(id)] },
  'read another call': { rest: async ({ other }) => ['GET', callPath(await other())] },
  'read the trace': { rest: ({ id }) => ['GET', callPath(id, '/trace')] },
  ring: {
    side: 'caller',
    rest: ({ id }) => ['POST', callPath(id, '/ring'), {}],
    frame: ({ id }) => ({ type: 'call.ring', call_id: id }),
  },
  'add members': {
    side: 'caller',
    changes: true,
    rest: ({ id }) => ['POST', callPath(id, '/members'), newcomer()],
  },
  'report ringing': step('ringing', 'call.ringing', false),
  accept: step('accept', 'call.accept', true),
  'accept another call': {
    changes: true,
    rest: async ({ other }) => ['POST', callPath(await other(), '/accept'), {}],
    frame: async ({ other }) => ({ type: 'call.accept', call_cid: `default:${await other()}` }),
  },
  reject: step('reject', 'call.reject', true),
  cancel: { side: 'caller', changes: true, frame: ({ cid }) => ({ type: 'call.cancel', call_cid: cid }) },
  leave: step('leave', 'call.leave', true),
  end: step('mark_ended', 'call.end', true),
  signal: {
    rest: ({ id }) => ['POST', callPath(id, '/ice'), { candidate: 'c' }],
    frame: ({ cid }) => ({ type: 'ice.candidate', call_cid: cid, candidate: 'c' }),
  },
};

const isLetIn = (action: string, status: number): boolean =>
  status < 300 || (ACTIONS[action]?.onNothing === true && status === 404);

/** Does what the cell says, and returns `yes` or the code of the refusal. */
async function played(scene: Scene, { action, over }: Cell): Promise<string> {
  const side = ACTIONS[action]?.side ?? 'callee';
  if (over === 'REST') {
    const [method, path, body] = (await ACTIONS[action]?.rest?.(scene)) ?? unknown(action);
    const at = `${path}${scene.acting(side, action).replace('?', path.includes('?') ? '&' : '?')}`;
    const token = await scene.rest(side);
    const answer = await onceKeysAreKnown(() => rest().request(method, at, { token, ...(body && { body }) }));
    return isLetIn(action, answer.status) ? 'yes' : answer.body.code;
  }
  const socket = await scene.socket(side).catch(refused);
  if (typeof socket === 'string') return socket;
  if (action === 'open a socket') return 'yes';
  if (action === 'ping') {
    socket.send({ type: 'ping' });
    return (await socket.next('pong')) && 'yes';
  }
  const answer = await socket.ask((await ACTIONS[action]?.frame?.(scene)) ?? unknown(action));
  return answer.type === 'response' ? 'yes' : Object(answer['error']).code;
}

/** Whose upgrade is refused with 403 may not do anything over a socket. */
function refused(error: unknown): string {
  if (Object(error).status === 403) return 'not_allowed';
  throw error;
}

const unknown = (action: string): never => {
  throw new Error(`docs/tokens.md names an action that this test does not know: ${action}`);
};

/** Tries all cells of one kind. Each action that changes a call gets a call of its own; all others share one. */
async function outcomes(kind: string, cells: readonly Cell[]): Promise<Cell[]> {
  const shared = await sceneFor(kind);
  const before = await version(shared);
  const results: Cell[] = [];
  for (const cell of cells) {
    const own = cell.outcome === 'yes' && ACTIONS[cell.action]?.changes === true;
    const scene = own ? await sceneFor(kind) : shared;
    results.push({ ...cell, outcome: await played(scene, cell) });
    if (own) await scene.close();
  }
  expect(await version(shared)).toBe(before);
  await shared.close();
  return results;
}

const version = async ({ alice, id }: Scene): Promise<number> => (await alice.get(callPath(id))).body.call.version;

/** The local stack lets everybody mint login tokens, so test/functions/mint.test.ts tries those rows. */
const table = tokenTable().filter(({ action }) => !action.startsWith('mint'));

describe('every cell of docs/tokens.md is true', () => {
  it.concurrent.each([...Map.groupBy(table, ({ kind }) => kind)])('of the kind %s', async (kind, cells) => {
    expect(await outcomes(kind, cells)).toEqual(cells);
  });
});

it.each([
  ['login', 200],
  ['operator', 403],
  ['call', 403],
  ['wake: rings', 403],
])('where everybody may mint without a token, a token of the kind %s gets %i', async (kind, status) => {
  const scene = await sceneFor(kind);
  const token = await scene.rest('callee');
  const minted = await rest().request('POST', '/v1/api/callStreams', { token, body: { userId: unique('user') } });
  expect(minted.status).toBe(status);
  await scene.close();
});
