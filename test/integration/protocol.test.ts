import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { commandTexts } from '../../tools/protocol/socket/frames.ts';
import { callPath, type Person, people, rest, ring, SESSIONS, tokenWith, unique } from '../support/people.ts';
import type { Socket } from '../support/raw-client.ts';

// Sends every example of the published documents, with other ids of users and calls, each in a call of its own. Every
// test of this project checks that the answers are documented.

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly example?: string | number;
}

interface Operation {
  readonly operationId: string;
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: { 'application/json': { examples: Record<string, { value: object }> } } };
  readonly responses: Readonly<Record<string, unknown>>;
}

interface Message {
  readonly examples: readonly {
    readonly name: string;
    readonly payload: { readonly type: string } & Record<string, unknown>;
  }[];
}

const documentOf = (name: string) => JSON.parse(readFileSync(`docs/protocol/${name}`, 'utf8'));
const openapi: { paths: Record<string, Record<string, Operation>> } = documentOf('openapi.json');
const asyncapi: { components: { messages: Record<string, Message> } } = documentOf('asyncapi.json');

/** The state of the call before the example, and who sends it. */
interface Scene {
  readonly call: 'none' | 'rings' | 'is answered' | 'session rings';
  readonly by: 'alice' | 'bob';
}

const CALLEE_ANSWERS: Scene = { call: 'rings', by: 'bob' };
const CALLER_CALLS: Scene = { call: 'none', by: 'alice' };
const CALLER_TALKS: Scene = { call: 'is answered', by: 'alice' };
const CALLEE_TALKS: Scene = { call: 'is answered', by: 'bob' };
const RECIPIENT_ANSWERS: Scene = { call: 'session rings', by: 'bob' };
const NO_CALL: Scene = { call: 'none', by: 'bob' };

const SCENES: Readonly<Record<string, Scene>> = {
  createCall: CALLER_CALLS,
  getCall: CALLEE_ANSWERS,
  ringCall: { call: 'rings', by: 'alice' },
  addMembers: CALLER_TALKS,
  reportRinging: CALLEE_ANSWERS,
  acceptCall: CALLEE_ANSWERS,
  rejectCall: CALLEE_ANSWERS,
  leaveCall: CALLEE_TALKS,
  endCall: CALLER_TALKS,
  getTrace: CALLEE_ANSWERS,
  blockUser: CALLER_CALLS,
  unblockUser: CALLER_CALLS,
  sendOffer: { call: 'rings', by: 'alice' },
  sendAnswer: CALLEE_TALKS,
  sendCandidates: CALLER_TALKS,
  createSession: CALLER_CALLS,
  getSession: RECIPIENT_ANSWERS,
  getSessionToken: RECIPIENT_ANSWERS,
  declineSession: RECIPIENT_ANSWERS,
  endSession: { call: 'session rings', by: 'alice' },
  'call.ring': CALLER_CALLS,
  'call.accept': CALLEE_ANSWERS,
  'call.reject': CALLEE_ANSWERS,
  'call.cancel': { call: 'rings', by: 'alice' },
  'call.leave': CALLEE_TALKS,
  'call.end': CALLER_TALKS,
  'call.ringing': CALLEE_ANSWERS,
  'call.resume': CALLEE_TALKS,
  'sdp.offer': { call: 'rings', by: 'alice' },
  'sdp.answer': CALLEE_TALKS,
  'ice.candidate': CALLER_TALKS,
};

/** Operations that take no logins. */
const FOR_SERVERS: ReadonlySet<string> = new Set([
  'mintToken',
  'deleteUser',
  'listStageCalls',
  'getUser',
  'listDeliveries',
  'getCheckup',
  'keepCheckup',
]);

/** What only a stage with webhooks can do: `apps/webhooks.test.ts` plays it. */
const WITH_WEBHOOKS: ReadonlySet<string> = new Set(['replayDelivery']);

interface Setting {
  readonly sender: Person;
  readonly sockets: { readonly alice: Socket; readonly bob: Socket };
  /** Replaces the ids in an example by those of this setting. */
  readonly renamed: <T>(example: T) => T;
}

/** Starts a session. */
const start = async (initiator: Person, recipient: Person): Promise<{ id: string }> =>
  (await initiator.post(SESSIONS, { recipientId: recipient.id })).body.session;

/** Creates the users of the examples and their call, in the state that `scene` needs. */
async function settingFor({ call, by }: Scene): Promise<Setting> {
  const [alice, bob, carol] = await people('Alice', 'Bob', 'Carol');
  const sockets = { alice: await alice.connect(), bob: await bob.connect() };
  const { id } = call === 'none' ? { id: unique('call') } : await (call === 'session rings' ? start : ring)(alice, bob);
  if (call !== 'none') await sockets.bob.next('call.ring');
  if (call === 'is answered') await sockets.bob.ask({ type: 'call.accept', call_cid: `default:${id}` });
  const names = {
    ...{ alice: alice.id, bob: bob.id, carol: carol.id, 'demo-1': id, 'default:demo-1': `default:${id}` },
    '7f0c2f6e-9f1d-4b8e-8a51-0d6f7f0f2c11': id,
  };
  const renamed = <T>(example: T): T =>
    JSON.parse(
      Object.entries(names).reduce(
        (text, [name, actual]) => text.replaceAll(`"${name}"`, `"${actual}"`),
        JSON.stringify(example),
      ),
    );
  return { sender: by === 'alice' ? alice : bob, sockets, renamed };
}

const close = ({ sockets }: Setting) => Promise.all([sockets.alice.close(), sockets.bob.close()]);

/** The path with the examples of its parameters filled in. */
function pathOf(path: string, parameters: readonly Parameter[], renamed: Setting['renamed']): string {
  const given = parameters.filter(({ example }) => example !== undefined);
  const filled = given.reduce((text, { name, example }) => text.replace(`{${name}}`, String(renamed(example))), path);
  const query = given
    .filter((parameter) => parameter.in === 'query')
    .map(({ name, example }): [string, string] => [name, String(example)]);
  return query.length === 0 ? filled : `${filled}?${new URLSearchParams(query)}`;
}

const requests = Object.entries(openapi.paths).flatMap(([path, methods]) =>
  Object.entries(methods).flatMap(([method, operation]) =>
    Object.entries(
      operation.requestBody?.content['application/json'].examples ?? { 'no body': { value: undefined } },
    ).map(([name, { value }]) => ({
      id: operation.operationId,
      name,
      method: method.toUpperCase(),
      path,
      operation,
      value,
    })),
  ),
);

describe('an example of openapi.json', () => {
  const playedHere = requests.filter(({ id }) => !WITH_WEBHOOKS.has(id));

  it.each(playedHere)('$id, $name, is answered as documented', async ({ id, method, path, operation, value }) => {
    const setting = await settingFor(SCENES[id] ?? NO_CALL);
    const { parameters = [], responses } = operation;
    const { status } = await rest().request(method, pathOf(path, parameters, setting.renamed), {
      token: FOR_SERVERS.has(id) ? await tokenWith({ role: 'server' }) : setting.sender.token,
      ...(value && { body: setting.renamed(value) }),
    });
    expect(status).toBeLessThan(300);
    expect(Object.keys(responses)).toContain(String(status));
    await close(setting);
  });

  it('covers both statuses of an operation that has two for success', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const { id, answer } = await ring(alice, bob);
    expect(answer.status).toBe(201);
    expect((await alice.post(callPath(id), {})).status).toBe(200);
    const device = { id: unique('token'), push_provider: 'firebase' };
    expect((await bob.post('/api/v2/devices', device)).status).toBe(201);
    expect((await bob.post('/api/v2/devices', device)).status).toBe(200);
  });
});

const frames = Object.entries(asyncapi.components.messages)
  .filter(([name]) => name.endsWith('Command'))
  .flatMap(([, { examples }]) => examples.map(({ name, payload }) => ({ name, type: payload.type, payload })));

describe('an example of asyncapi.json', () => {
  it.each(frames)('$type, $name, is answered', async ({ type, payload }) => {
    const scene = SCENES[type] ?? NO_CALL;
    const setting = await settingFor(scene);
    const socket = setting.sockets[scene.by];
    socket.send(setting.renamed(payload));
    const { id } = payload;
    const answer = await (type === 'ping'
      ? socket.next('pong')
      : socket.next('response', (frame) => frame['id'] === id));
    expect(answer).toMatchObject(type === 'ping' ? { type: 'pong' } : { ok: true, id });
    await close(setting);
  });

  it('exists for every type of command', () => {
    expect(new Set(frames.map(({ type }) => type))).toEqual(new Set(Object.keys(commandTexts)));
  });
});

describe('the documents', () => {
  it.each(['openapi.json', 'asyncapi.json'])('are served by the stack: %s', async (name) => {
    const { status, headers, body } = await rest().request('GET', `/${name}`);
    expect(status).toBe(200);
    expect(headers.get('content-type')).toBe('application/json');
    expect(body).toEqual(documentOf(name));
  });
});
