import { readFileSync } from 'node:fs';
import { inject, it, vi } from 'vitest';
import { APP_TEST_MS, asServer, dial, offer, startApp } from '../../support/apps.ts';
import { callPath, eventually, people, unique } from '../../support/people.ts';
import { enter } from '../../support/rooms.ts';
import { callsClient, sessionsClient, videoClient } from '../../support/socket-io.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

interface Row {
  readonly event: string;
  readonly dialect?: string;
}

it('the trace names the dialect of each connection that was told of a ring, or came for it', async () => {
  const [alice, bob] = await people('alice', 'bob');
  const [hers, native, calls] = await Promise.all([startApp(alice), startApp(bob), callsClient(bob)]);
  const { id } = await dial(hers, bob, { offer: offer() });
  await Promise.all([native.next('call.ring'), calls.next('incomingCall')]);
  const late = await videoClient(bob);
  await late.next('incoming_call');
  const spoken = (rows: readonly Row[], name: string) =>
    new Set(rows.flatMap(({ event, dialect }) => (event === name ? [dialect] : [])));
  await eventually(async () => {
    const { trace } = (await asServer('GET', callPath(id, '/trace'))).body;
    const told = spoken(trace, 'event.delivered');
    return told.has('calls') && told.has('native') && spoken(trace, 'device.connected').has('video');
  }, 'the dialects in the trace');
});

it('connections, frames and refusals are counted by dialect', async () => {
  const [alice] = await people('alice');
  const room = unique('room');
  const [app, calls, video, sessions, inRoom] = await Promise.all([
    startApp(alice),
    callsClient(alice),
    videoClient(alice),
    sessionsClient(alice),
    enter(room, alice),
  ]);
  app.send({ type: 'nonsense' });
  for (const { socket } of [calls, video, sessions]) socket.emit('nonsense');
  await Promise.all([app.next('error'), calls.next('error'), video.next('error'), sessions.next('error')]);
  await eventually(async () => {
    const lines = readFileSync(inject('stackFiles').log, 'utf8').split('\n');
    return ['native', 'calls', 'video', 'sessions', 'rooms'].every((dialect) =>
      ['ConnectionsOpened', 'FramesReceived', 'FramesRefused'].every((metric) =>
        lines.some((line) => line.includes(`"dialect":"${dialect}"`) && line.includes(`"${metric}":1`)),
      ),
    );
  }, 'the metrics');
  await inRoom.close();
});
