import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { described } from '#kit/observe/log.ts';

const JWT = `eyJhbGciOiJIUzI1NiJ9.${'a'.repeat(40)}.${'b'.repeat(43)}`;
const APNS_TOKEN = '0123456789abcdef'.repeat(4);
const FCM_TOKEN = `dQw4w9WgXcQ:APA91b${'xY-_'.repeat(32)}`;

const text = (error: unknown): string => JSON.stringify(described(error));

/** The error that `run` throws. */
function thrownBy(run: () => unknown): unknown {
  try {
    run();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('an error in a log line', () => {
  it('has its name, message, stack and cause', () => {
    const error = new TypeError('no such table', {
      cause: new Error('AccessDenied for arn:aws:dynamodb:eu-west-1:1:table/calls'),
    });
    expect(described(error)).toEqual({
      name: 'TypeError',
      message: 'no such table',
      stack: expect.stringMatching(/^\s+at .*log\.test\.ts/),
      cause: expect.objectContaining({ message: 'AccessDenied for arn:aws:dynamodb:eu-west-1:1:table/calls' }),
    });
  });

  it.each([
    ['a JSON Web Token', `jwt ${JWT} has expired`, JWT.slice(0, 20)],
    ['a token cut short', `jwt ${JWT.slice(0, 60)}`, JWT.slice(21, 40)],
    ['an APNs token', `no stream for /3/device/${APNS_TOKEN}`, APNS_TOKEN.slice(8, 40)],
    ['an FCM token', `Requested entity ${FCM_TOKEN} was not found`, 'xY-_xY-_'],
    ['a query string', `GET /ws?token=abcdef&hardware_id=pixel failed`, 'abcdef'],
    ['an SDP', 'bad value v=0\r\no=- 46117 IN IP4 192.0.2.7\r\ns=-', '192.0.2.7'],
    ['a candidate', 'bad value candidate:1 1 udp 2122 192.0.2.7 54400 typ host', '192.0.2.7'],
  ])('leaves out %s', (_, message, secret) => {
    const error = new Error(message);
    expect(error.stack).toContain(secret);
    expect(text(error)).not.toContain(secret);
    expect(text(new Error('push failed', { cause: error }))).not.toContain(secret);
  });

  it('leaves out a text that a parser could not read', () => {
    const error = thrownBy(() => JSON.parse('{"id":"my-secret'));
    expect(String(thrownBy(() => JSON.parse('my-secret')))).toContain('my-secret');
    expect(described(error)).toMatchObject({ name: 'SyntaxError', message: 'a text could not be parsed' });
    expect(text(thrownBy(() => JSON.parse('my-secret')))).not.toContain('my-secret');
  });

  it('leaves out everything else that an error carries: input, claims, answers', () => {
    const carrying = Object.assign(new Error('refused'), {
      $response: { body: 'my-secret' },
      payload: { sub: 'my-secret' },
    });
    expect(text(carrying)).not.toContain('my-secret');
    const invalid = thrownBy(() => z.object({ sdp: z.string().max(3) }).parse({ sdp: 'my-secret' }));
    expect(text(invalid)).toContain('sdp');
    expect(text(invalid)).not.toContain('my-secret');
  });

  it('leaves out a thrown value that is not an error', () => {
    expect(described('my-secret')).toEqual({ message: 'a thrown string' });
    expect(text({ body: 'my-secret' })).not.toContain('my-secret');
  });
});
