import { describe, expect, it } from 'vitest';
import { roomLink } from '#adapters/apigateway/room-link.ts';
import { epochMs } from '#domain/time.ts';
import type { Delivery } from '#ports/peer-link.ts';
import type { RoomEvent } from '#ports/room-link.ts';

const joined: RoomEvent = {
  type: 'user_joined',
  roomId: 'room',
  at: epochMs(0),
  user: { userId: 'alice', username: 'Alice' },
};

/** A link to a connection whose posts turn out like this. */
function linkTo(...deliveries: Delivery[]) {
  const posts: string[] = [];
  const waits: number[] = [];
  const link = roomLink({
    sockets: {
      post: async (_, text) => {
        posts.push(text);
        return deliveries.shift() ?? 'failed';
      },
      close: async () => undefined,
    },
    encode: ({ type }) => type,
    wait: async (ms) => void waits.push(ms),
  });
  return { link, posts, waits };
}

describe('what somebody in a room is told', () => {
  it('is posted again if it could not be posted just now', async () => {
    const { link, posts, waits } = linkTo('failed', 'failed', 'sent');
    expect(await link.send('c', joined)).toBe('sent');
    expect(posts).toEqual(['user_joined', 'user_joined', 'user_joined']);
    expect(waits).toEqual([200, 1000]);
  });

  it('is given up after three posts', async () => {
    const { link, posts } = linkTo();
    expect(await link.send('c', joined)).toBe('failed');
    expect(posts).toHaveLength(3);
  });

  it.each(['sent', 'gone'] as const)('is posted once if it is %s', async (delivery) => {
    const { link, posts, waits } = linkTo(delivery);
    expect(await link.send('c', joined)).toBe(delivery);
    expect([posts.length, waits]).toEqual([1, []]);
  });
});
