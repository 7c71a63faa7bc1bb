import { describe, expect, it } from 'vitest';
import { openOutcomeScript } from '#local/push/scripted-outcomes.ts';

describe('a script of outcomes', () => {
  it('is used up in order, and added to', () => {
    const script = openOutcomeScript();
    script.add('t', [{ status: 500 }, { status: 503 }]);
    script.add('t', [{ status: 429 }]);
    const taken = Array.from({ length: 4 }, () => script.take('t', 'fcm')?.status);
    expect(taken).toEqual([500, 503, 429, undefined]);
  });

  it('skips outcomes of another environment', () => {
    const script = openOutcomeScript();
    script.add('t', [{ status: 400, environment: 'sandbox' }, { status: 503 }]);
    expect(script.take('t', 'apns')?.status).toBe(503);
    expect(script.take('t', 'apns')).toBeUndefined();
    expect(script.take('t', 'apns-sandbox')?.status).toBe(400);
  });

  it.each([
    ['no list', { status: 500 }, /^outcomes: /],
    ['no object', ['500'], /^outcomes\.0: /],
    ['a status out of range', [{ status: 200 }, { status: 700 }], /^outcomes\.1\.status: /],
    ['a drop that is unknown', [{ drop: 'loud' }], /^outcomes\.0\.drop: /],
    ['a delay that is text', [{ status: 500, delay_ms: 'long' }], /^outcomes\.0\.delay_ms: /],
  ])('refuses %s and says where', (_, outcomes, message) => {
    expect(() => openOutcomeScript().add('t', outcomes)).toThrow(message);
  });

  it('needs a token', () => {
    expect(() => openOutcomeScript().add('', [])).toThrow(/^token: /);
  });
});
