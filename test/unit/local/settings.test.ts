import { expect, it } from 'vitest';
import { readSettings } from '#local/settings.ts';

const variables = (settings?: object | string) =>
  readSettings({
    ...(settings !== undefined && {
      CARILLON_SETTINGS: typeof settings === 'string' ? settings : JSON.stringify(settings),
    }),
  }).stageVariables;

it('rings are not limited and anyone may mint, unless the settings say so', () => {
  expect(variables()).toEqual({ RING_RATE: 'off', OPEN_MINT: 'true' });
  expect(variables('')).toEqual({ RING_RATE: 'off', OPEN_MINT: 'true' });
  expect(variables({ ring_rate: { minute: 3 }, who_may_ring: 'server', open_mint: false })).toEqual({
    RING_RATE: '{"minute":3,"hour":100,"pair":5}',
    WHO_MAY_RING: 'server',
    OPEN_MINT: 'false',
  });
});

it('other settings of the stage replace those of the template', () => {
  const settings = { busy: 'ring', retention: 1, max_duration: 60, vanish_grace: 5, answer_grace: 0 };
  expect(variables(settings)).toMatchObject({
    BUSY: 'ring',
    RETENTION_DAYS: '1',
    MAX_DURATION_S: '60',
    VANISH_GRACE_S: '5',
    ANSWER_GRACE_S: '0',
  });
});

it('the ring hook is the one of its secret, over https alone', () => {
  const hook = (of: object) => readSettings({ CARILLON_RING_HOOK: JSON.stringify(of) }).ringHook;
  expect(hook({ url: 'https://127.0.0.1:1/', secret: 's' })).toEqual({
    url: 'https://127.0.0.1:1/',
    secret: 's',
    fail: 'open',
  });
  expect(() => hook({ url: 'http://127.0.0.1:1/', secret: 's' })).toThrow('CARILLON_RING_HOOK.url');
  expect(() => hook({ url: 'https://127.0.0.1:1/', fail: 'never' })).toThrow('CARILLON_RING_HOOK.secret');
});

it.each([
  ['{"ring_rate"', 'CARILLON_SETTINGS: is not JSON'],
  [{ ring_rate: { minute: 0 } }, 'CARILLON_SETTINGS.ring_rate'],
  [{ who_may_ring: 'nobody' }, 'CARILLON_SETTINGS.who_may_ring'],
  [{ ringRate: 'off' }, 'ringRate'],
  [{ restored_table: 'Restored' }, 'CARILLON_SETTINGS.restored_table: needs "events": false'],
])('what is wrong with %j is said by name', (settings, why) => {
  expect(() => variables(settings)).toThrow(why);
});
