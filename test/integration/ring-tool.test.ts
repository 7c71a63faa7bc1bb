import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { describe, expect, inject, it } from 'vitest';
import {
  connectWith,
  keysOf,
  people,
  person,
  pushes,
  pushOf,
  rest,
  ring,
  scriptAll,
  tokenWith,
  unique,
} from '../support/people.ts';
import { listening, nowhere, type Program, start } from '../support/program.ts';

const tool = (...args: string[]): Program => start(process.execPath, ['tools/ring.ts', ...args]);
const ringing = (...args: string[]): Program => tool('--url', inject('stackUrl'), ...args);

/** Matches an output that has these lines in this order, whatever is between them. */
const inOrder = (...lines: string[]) => expect.stringMatching(new RegExp(lines.join('(?:.|\\n)*')));

/** A proxy of the stack that fails requests for a trace, from `moment` on. */
async function stackThatBreaks(moment: Promise<unknown>) {
  const server = createServer(async (request, response) => {
    const { method = '', url = '', headers } = request;
    const body = await text(request);
    if (url.endsWith('/trace')) {
      await moment;
      response.writeHead(503).end('{"message":"Service Unavailable"}');
      return;
    }
    const { authorization = '' } = headers;
    const answer = await rest().request(method, url, { headers: { authorization }, ...(body !== '' && { body }) });
    response.writeHead(answer.status).end(JSON.stringify(answer.body));
  });
  return { url: await listening(server), close: () => server.close() };
}

// Each of these tests waits for a program most of the time, so they run side by side.
describe.concurrent('npm run ring', () => {
  it('prints the trace of a call that is answered, and hangs up', async () => {
    const bob = await person('bob');
    const android = await bob.android({ hardware_id: 'pixel' });
    const call = ringing('--to', bob.id, '--video', '--hang-up-after', '0.5');
    const push = keysOf(await pushOf(android, 'call.ring'));
    expect(push).toMatchObject({ created_by_id: 'carillon-ring', video: 'true' });
    // The tool prints events as it reads them, so the order is certain only if the phone waits.
    await call.printed('push.accepted');
    const phone = await connectWith(push['wake_token'] ?? '');
    await phone.ask({ type: 'call.ringing', call_cid: push['call_cid'] });
    await call.printed('device.ringing');
    await phone.ask({ type: 'call.accept', call_cid: push['call_cid'] });
    await phone.next('call.ended');
    const { code, output } = await call.ended;
    const line = `\\+\\d+ ms  push.accepted +firebase  …${android.slice(-8)}  \\d+ ms\\n`;
    expect(output).toEqual(inOrder('call.created', line, 'device.ringing +on pixel', 'call.accepted', 'call.ended'));
    expect(output).toMatch(/^rang after \d+ ms, answered after \d+ ms$/m);
    expect(output.match(/device\.ringing/g)).toHaveLength(1);
    expect(code).toBe(0);
    await phone.close();
  });

  it('cancels the call on Ctrl-C, and shows that the phone is silenced', async () => {
    const bob = await person('bob');
    const android = await bob.android();
    const call = ringing('--to', bob.id, '--from', unique('alice'), '--timeout', '60');
    await call.printed('push.accepted');
    call.process.kill('SIGINT');
    const { code, output } = await call.ended;
    expect(output).toEqual(inOrder('call.cancelled', 'call.ended +cancelled', 'push.accepted .*\\(call.cancelled\\)'));
    expect(code).toBe(0);
    expect((await pushes(android)).map((push) => keysOf(push)['type'])).toEqual(['call.ring', 'call.cancelled']);
  });

  it('rings for as long as --timeout says', async () => {
    const bob = await person('bob');
    await bob.android();
    const { code, output } = await ringing('--to', bob.id, '--timeout', '12').ended;
    expect(output).toEqual(
      inOrder('push.accepted', 'call.missed', 'call.ended +missed', 'no phone said that it rings'),
    );
    expect(code).toBe(0);
  });

  it('says that a user has no device, and does not wait', async () => {
    const bob = await person('bob');
    const { code, output } = await ringing('--to', bob.id, '--timeout', '180').ended;
    expect(output).toEqual(inOrder('call.unreachable +no_devices', 'not rung: ', 'register its push token'));
    expect(code).toBe(1);
  });

  it('says why the push service refused', async () => {
    const bob = await person('bob');
    const iphone = await bob.iphone();
    await scriptAll(iphone, { status: 400, reason: 'DeviceTokenNotForTopic' });
    const { code, output } = await ringing('--to', bob.id).ended;
    expect(output).toEqual(
      inOrder('push.failed +apn .*400  DeviceTokenNotForTopic', 'not rung: APNs refused the topic', 'push-providers'),
    );
    expect(code).toBe(1);
  });

  it('says that a user is busy', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const android = await bob.android();
    await ring(alice, bob);
    await pushOf(android, 'call.ring');
    const { code, output } = await ringing('--to', bob.id).ended;
    expect(output).toEqual(inOrder('call.rejected +busy', 'not rung: busy', 'ring again when it is over'));
    expect(code).toBe(1);
  });

  it('uses the server token that it is given', async () => {
    const [bob, token] = [await person('bob'), await tokenWith({ role: 'server' })];
    expect((await ringing('--to', bob.id, '--token', token).ended).output).toContain('call.unreachable');
  });

  it('cancels the call if it cannot read the trace any more', async () => {
    const bob = await person('bob');
    const android = await bob.android();
    const { url, close } = await stackThatBreaks(pushOf(android, 'call.ring'));
    const { code, output } = await tool('--url', url, '--to', bob.id).ended;
    expect([code, output]).toEqual([1, inOrder(`${url} is not available \\(503\\)`)]);
    await pushOf(android, 'call.cancelled');
    close();
  });
});

describe('npm run ring explains what is wrong', () => {
  it.each([
    ['nobody to ring', [], '--to: name the user to ring'],
    ['an option that is none', ['--to', 'bob', '--loud'], "Unknown option '--loud'"],
    ['a ring too short', ['--to', 'bob', '--timeout', '4'], '--timeout: must be at least 5 seconds'],
    ['no number', ['--to', 'bob', '--timeout', 'soon'], '--timeout: must be a number of seconds'],
    ['no URL', ['--to', 'bob', '--url', 'localhost:8181'], '--url: must be an http or https URL'],
    ['a stage and a URL', ['--to', 'bob', '--stage', 'prod', '--url', 'http://127.0.0.1'], '--stage: takes the place'],
    ['the caller', ['--to', 'bob', '--from', 'bob'], '--to: must not be the same user'],
  ])('about %s', async (_, args, problem) => {
    const { code, output } = await tool(...args).ended;
    expect(output).toContain(problem);
    expect(output).toContain('npm run ring -- --to <user>');
    expect(code).toBe(2);
  });

  it('with --help, by its usage', async () => {
    expect(await tool('--help').ended).toEqual({ code: 0, output: inOrder('--to <user>', '--stage <name>') });
  });

  it('without a stack', async () => {
    const url = await nowhere();
    const { code, output } = await tool('--to', 'bob', '--url', url).ended;
    expect([code, output]).toEqual([1, inOrder(`no stack answers at ${url} .*npm start`)]);
  });

  it('with a token that is not a server token of this stack', async () => {
    const bob = await person('bob');
    const forged = await tokenWith({ role: 'server' }, { bad_signature: true });
    for (const token of [bob.token, forged]) {
      const { code, output } = await ringing('--to', 'somebody', '--token', token).ended;
      expect([code, output]).toEqual([1, inOrder('does not accept this as a server token', '--token')]);
    }
  });

  it('with an invalid user id', async () => {
    const { code, output } = await ringing('--to', 'no user').ended;
    expect([code, output]).toEqual([1, inOrder('user_id: must be 1 to 128', 'validation_failed')]);
  });
});
