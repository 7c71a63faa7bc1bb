import { expect, it } from 'vitest';
import { authorizerContextOf, talker } from '#kit/websocket/talker.ts';

it.each(['Alice', 'José', '佐藤', 'عائشة', '👩‍👩‍👧', '100 % Bob', 'a "quoted" name', 'half \ud83d'])(
  'the authorizer passes the name %s on in ASCII, and every frame reads it back',
  (name) => {
    const image = 'https://pictures.example/alice.png';
    const user = { kind: 'login', userId: 'alice', tokenFingerprint: 'f', name, image } as const;
    const authorizer = authorizerContextOf(user);
    expect(Object.values(authorizer).join('')).toMatch(/^[ -~]+$/);
    const read = talker({ requestContext: { connectionId: 'c', authorizer } });
    expect(read).toMatchObject({ name: name.toWellFormed(), image });
  },
);
