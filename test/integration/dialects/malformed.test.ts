import fc from 'fast-check';
import { expect, inject, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { APP_TEST_MS } from '../../support/apps.ts';
import { eventually, people } from '../../support/people.ts';
import { callsClient } from '../../support/socket-io.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

const EVENTS = ['callUser', 'answerCall', 'rejectCall', 'endCall', 'iceCandidate', 'join', '__proto__', 'constructor'];
const packet = fc.oneof(
  fc.string(),
  fc.json(),
  fc
    .tuple(fc.constantFrom('40', '41', '42', '43', '44', '45', '46', '2', '3', '5', '6', '1x'), fc.json())
    .map((parts) => parts.join('')),
  fc.tuple(fc.constantFrom(...EVENTS), fc.json()).map(([name, json]) => `42["${name}",${json}]`),
  fc.constantFrom(
    '42/ws/calls,["x"]',
    '42/nowhere,["callUser",{}]',
    '451-["x",{"_placeholder":true,"num":0}]',
    '420["endCall"]',
  ),
);
/** It would end the session or leave the namespace, as it says. */
const isFarewell = (text: string): boolean => /^(1|41)/.test(text);

it('answers whatever it cannot read where clients look for it, writes nothing, and lets nobody else hear of it', async () => {
  const [alice, bob] = await people('alice', 'bob');
  const witness = await callsClient(bob);
  const socket = new WebSocket(`${inject('stackUrl').replace('http', 'ws')}/socket.io/?EIO=4&transport=websocket`);
  const packets: string[] = [];
  socket.on('message', (data) => packets.push(String(data)));
  await new Promise((resolve) => {
    socket.on('open', resolve);
  });
  socket.send(`40${JSON.stringify({ token: alice.token })}`);
  await eventually(async () => packets.some((text) => text.startsWith('40{')), 'the namespace');
  const sent = fc.sample(packet, { numRuns: 300, seed: 3 }).filter((text) => !isFarewell(text));
  for (const [i, text] of sent.entries()) {
    socket.send(text);
    if (i % 25 === 24) {
      socket.send(`42${i}["endCall"]`);
      await eventually(async () => packets.some((one) => one.startsWith(`43${i}[`)), `the acknowledgement of ${i}`);
    }
  }
  expect(packets.filter((text) => text.includes('"internal"'))).toEqual([]);
  expect(packets.filter((text) => text.startsWith('42["error"')).length).toBeGreaterThan(50);
  expect((await alice.get('/api/v2/video/calls')).body.calls).toEqual([]);
  expect(witness.heard.map(({ name }) => name)).toEqual(['connect']);
  socket.close();
});
