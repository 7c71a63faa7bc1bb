import { expect, it } from 'vitest';
import { authorizerContextOf, talker } from '#kit/websocket/talker.ts';

it.each(['Alice', 'José', '佐藤', 'عائشة', '👩‍👩‍👧', '100 % Bob', 'a "quoted" name', 'half \ud83d'])(
  'the authorizer passes the name %s on in ASCII, and every frame reads it back',
  (name) => {
    const user = { kind: 'login', userId: 'alice', tokenFingerprint: 'f', name } as const;
    const authorizer = authorizerContextOf(user);
    expect(Object.values(authorizer).join('')).toMatch(/^[ -~]+$/);
    expect(talker({ requestContext: { connectionId: 'c', authorizer } }).name).toBe(name.toWellFormed());
  },
);
