import { describe, expect, inject, it } from 'vitest';
import { unique } from '../support/people.ts';
import { nowhere, run, start } from '../support/program.ts';

const node = (file: string, args: readonly string[] = [], url = inject('stackUrl')) =>
  start(process.execPath, [`examples/node/${file}.mjs`, ...args], { CARILLON_URL: url });

const walkThrough = (url: string) => run('examples/curl/walk-through.sh', [url]);

/** A callee that waits for a push, and a caller that starts to ring it. */
async function pair(calleeArgs: readonly string[], callerArgs: readonly string[] = []) {
  const [alice, bob] = [unique('alice'), unique('bob')];
  const callee = node('callee', ['--user', bob, ...calleeArgs]);
  await callee.printed('is registered');
  return { bob, callee, caller: node('caller', ['--user', alice, '--to', bob, ...callerArgs]) };
}

/** Matches an output that has these lines in this order, whatever is between them. */
const inOrder = (...lines: string[]) => expect.stringMatching(new RegExp(lines.join('(?:.|\\n)*')));

describe('the caller and the callee', () => {
  it('ring, answer, exchange candidates and hang up', async () => {
    const { bob, callee, caller } = await pair([], ['--talk', '60']);
    const exchanged = ['got 2 candidate(s) of the caller', 'got 1 candidate(s) of the caller'];
    await Promise.all(exchanged.map((line) => callee.printed(line)));
    await caller.printed('got 1 candidate(s) of the callee');
    caller.process.kill('SIGINT');
    const [called, calls] = await Promise.all([callee.ended, caller.ended]);
    expect(called).toEqual({
      code: 0,
      output: inOrder('woken by a push', 'connected', 'got the offer', 'accepted', 'the call has ended: completed'),
    });
    expect(called.output).toMatch(/got 2 candidate\(s\) of the caller/);
    expect(called.output).toMatch(/got 1 candidate\(s\) of the caller/);
    expect(calls).toEqual({
      code: 0,
      output: inOrder('connected', `a phone of ${bob} really rings`, `${bob} has accepted`, 'has ended: completed'),
    });
    expect(calls.output).toMatch(/got the answer\n(.*\n)*got 1 candidate\(s\) of the callee/);
  });

  it('show that the callee declines', async () => {
    const { bob, callee, caller } = await pair(['--decline']);
    expect(await callee.ended).toEqual({ code: 0, output: inOrder('woken by a push', 'declined') });
    expect(await caller.ended).toEqual({
      code: 0,
      output: inOrder(`${bob} has declined`, 'the call has ended: rejected'),
    });
  });

  it('cancel a call that nobody has answered', async () => {
    const bob = unique('bob');
    const caller = node('caller', ['--user', unique('alice'), '--to', bob]);
    await caller.printed(`ringing ${bob}`);
    caller.process.kill('SIGINT');
    expect(await caller.ended).toEqual({ code: 0, output: inOrder('the call has ended: cancelled') });
  });

  it('say what is wrong with a request', async () => {
    const { code, output } = await node('caller', ['--user', unique('alice'), '--to', 'no user']).ended;
    expect([code, output]).toEqual([1, inOrder('caller: .*validation_failed')]);
  });
});

describe('the walk-through', () => {
  it('plays a whole call', async () => {
    expect(await walkThrough(inject('stackUrl'))).toEqual({
      code: 0,
      output: inOrder("type: 'call.ring'", '"status":"active"', '"event":"call.ended"', 'The call worked.'),
    });
  });
});

describe('without a stack', () => {
  it.each(['callee', 'caller'])('the %s says so', async (file) => {
    const url = await nowhere();
    const { code, output } = await node(file, [], url).ended;
    expect([code, output]).toEqual([1, inOrder(`${file}: no stack answers at ${url} .*npm start`)]);
  });

  it('the walk-through says so', async () => {
    const url = await nowhere();
    const { code, output } = await walkThrough(url);
    expect([code, output]).toEqual([1, inOrder(`walk-through: no stack answers at ${url}: .*npm start`)]);
  });
});
