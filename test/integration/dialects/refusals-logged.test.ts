import { expect, it } from 'vitest';
import { eventually, type Person, person, rest, tokenWith, unique } from '../../support/people.ts';
import { openRoom, say } from '../../support/rooms.ts';
import { callsClient, dial } from '../../support/socket-io.ts';

// What a user is refused in a dialect is a line of the log, too, so that `npm run why` finds it.

const logged = ({ id }: Pick<Person, 'id'>, fields: Record<string, string>) =>
  eventually(
    async () => {
      const query = new URLSearchParams({ message: 'refused', user_id: id, ...fields });
      return (await rest().request('GET', `/_local/logs?${query}`)).body.logs.length > 0;
    },
    `a refusal of ${id}: ${JSON.stringify(fields)}`,
  );

const expired = (id: string) => tokenWith({ user_id: id }, { expires_in_s: -120 });

it('an event of Socket.IO', async () => {
  const alice = await person('alice');
  const client = await callsClient(alice);
  const { ok } = await client.ask('callUser', { to: 7 });
  expect(ok).toBe(false);
  await logged(alice, { code: 'validation_failed', operation: 'callUser' });
});

it('a connection over Socket.IO, by a token of the handshake or of the namespace', async () => {
  for (const options of [(token: string) => ({ auth: { token } }), (token: string) => ({ query: { token } })]) {
    const id = unique('alice');
    const client = dial({ transports: ['websocket'], ...options(await expired(id)) });
    await client.next('connect_error');
    await logged({ id }, { code: 'unauthenticated', operation: 'connect', reason: 'expired' });
  }
});

it('a frame in a room, and a room', async () => {
  const alice = await person('alice');
  const room = unique('room');
  const socket = await openRoom(room, alice.token);
  await socket.next('room_state');
  say(socket, room, 'dance', {});
  await socket.next('error');
  await logged(alice, { code: 'unknown_type', operation: 'dance' });
  await socket.close();
  const id = unique('bob');
  await expect(openRoom(room, await expired(id))).rejects.toMatchObject({ status: 401 });
  await logged({ id }, { code: 'unauthenticated', operation: 'connect', reason: 'expired' });
});
