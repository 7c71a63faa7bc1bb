import { readFileSync } from 'node:fs';
import { describe, expect, inject, it } from 'vitest';
import { pushed } from '../../support/apps.ts';
import { person, unique } from '../../support/people.ts';
import { nowhere, start } from '../../support/program.ts';

// The examples of clients of other systems, as they are: each rings another one, or one of another dialect.

const EXAMPLES = ['calls', 'video', 'sessions', 'stream-style'] as const;

const play = (name: (typeof EXAMPLES)[number], args: readonly string[], env: Record<string, string> = {}) =>
  start(process.execPath, [`examples/dialects/${name}.mjs`, ...args], { CARILLON_URL: inject('stackUrl'), ...env });

/** A callee that is connected, and a caller that talks until it is interrupted. */
async function pair(caller: (typeof EXAMPLES)[number], callee = caller, calleeArgs: readonly string[] = []) {
  const [alice, bob] = [unique('alice'), unique('bob')];
  const called = play(callee, ['--user', bob, ...calleeArgs]);
  await called.printed(`${bob} is connected`);
  return { alice, bob, called, calls: play(caller, ['--user', alice, '--to', bob, '--talk', '60']) };
}

describe.concurrent('examples', () => {
  it.each(EXAMPLES)('%s has less than 80 lines', (name) => {
    expect(readFileSync(`examples/dialects/${name}.mjs`, 'utf8').trimEnd().split('\n').length).toBeLessThan(80);
  });

  it.each([
    ['calls', 'calls', 'the call has ended\n'],
    ['video', 'video', 'the call has ended: completed\n'],
    ['calls', 'video', 'the call has ended: completed\n'],
    ['video', 'calls', 'the call has ended\n'],
  ] as const)('%s rings %s, they exchange candidates, and it hangs up', async (caller, callee, ending) => {
    const { alice, bob, called, calls } = await pair(caller, callee);
    await called.printed(`${alice} calls (video)`);
    await calls.printed(`${bob} has accepted, with an answer`);
    await Promise.all([called.printed(`got a candidate of ${alice}`), calls.printed(`got a candidate of ${bob}`)]);
    calls.process.kill('SIGINT');
    expect(await calls.ended).toMatchObject({ code: 0, output: expect.stringContaining('hung up') });
    expect(await called.ended).toMatchObject({ code: 0, output: expect.stringContaining(ending) });
  });

  it('sessions calls, is answered, and ends the session', async () => {
    const { alice, bob, called, calls } = await pair('sessions');
    await called.printed(`${alice} invites (VIDEO)`);
    await calls.printed(`${bob} has answered`);
    calls.process.kill('SIGINT');
    const [caller, callee] = await Promise.all([calls.ended, called.ended]);
    expect([caller.code, callee.code]).toEqual([0, 0]);
    expect(callee.output).toContain('the session has ended: completed');
    const channel = (output: string, who: string, role: string) =>
      new RegExp(`${who} joins the channel (\\S+) as ${role}`).exec(output)?.[1];
    expect(channel(caller.output, alice, 'HOST')).toBe(channel(callee.output, bob, 'AUDIENCE'));
    expect(channel(caller.output, alice, 'HOST')).toBeDefined();
  });

  it('stream-style rings a socket and a phone, is accepted, and ends the call for all', async () => {
    const { alice, bob, called, calls } = await pair('stream-style');
    await called.printed(`rung by ${alice}`);
    await pushed(`fcm-token-of-${bob}`, 'call.ring');
    await calls.printed(`${bob} has accepted`);
    await Promise.all([calls.printed('got the answer'), called.printed('got a candidate')]);
    called.process.kill('SIGINT');
    expect(await calls.ended).toMatchObject({ code: 0, output: expect.stringContaining('has ended: completed') });
  });

  it.each([
    ['calls', 'has declined, or is in another call'],
    ['video', 'has declined: decline'],
    ['sessions', 'the session has ended: rejected'],
    ['stream-style', 'the call has ended: rejected'],
  ] as const)('%s is declined', async (name, ending) => {
    const { called, calls } = await pair(name, name, ['--decline']);
    // It may hear of the end that it has brought about before the answer to its request.
    expect(await called.ended).toMatchObject({
      code: 0,
      output: expect.stringMatching(/declined|has ended: rejected/),
    });
    expect(await calls.ended).toMatchObject({ code: 0, output: expect.stringContaining(ending) });
  });

  it.each(['calls', 'video'] as const)('%s says that nobody can be rung', async (name) => {
    const { code, output } = await play(name, ['--user', unique('alice'), '--to', unique('bob')]).ended;
    expect([code, output]).toEqual([1, expect.stringContaining(`${name}: User is offline (unreachable)`)]);
  });

  it('video says that a token is somebody else’s', async () => {
    const { token } = await person('alice');
    const { code, output } = await play('video', ['--user', unique('bob')], { CARILLON_TOKEN: token }).ended;
    expect([code, output]).toEqual([1, expect.stringMatching(/^video: .*\(not_allowed\)\n$/)]);
  });

  it.each(['calls', 'sessions', 'stream-style'] as const)('%s says that there is no stack', async (name) => {
    const url = await nowhere();
    const { code, output } = await play(name, [], { CARILLON_URL: url }).ended;
    expect([code, output]).toEqual([1, expect.stringContaining(`${name}: no stack answers at ${url} `)]);
  });
});
