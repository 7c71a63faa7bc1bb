import { expect, it } from 'vitest';
import { type Push, startTimeline } from '../../../tools/demo/timeline.ts';

const push = (at: number, body: object): Push => ({ at: new Date(at).toISOString(), headers: {}, body });

it('prints one line an event in the order in which they happened, and the pushes only on request', () => {
  let now = 1000;
  const timeline = startTimeline(() => now);
  timeline.step('Bob', 'has a phone');
  now = 2000;
  timeline.ring();
  timeline.step('Alice', 'calls Bob');
  now = 2300;
  timeline.step('Bob’s iPhone', 'rings');
  timeline.step('FCM', 'receives a message', push(2200, { message: { data: { type: 'call.ring', wake_token: 's' } } }));
  timeline.step('APNs', 'receives a push', push(2100, { type: 'call.ring', wake_token: 's' }));
  const lines = [
    '          Bob           has a phone',
    '    0 ms  Alice         calls Bob',
    '  100 ms  APNs          receives a push',
    '  200 ms  FCM           receives a message',
    '  300 ms  Bob’s iPhone  rings',
  ];
  expect(timeline.text(false).split('\n')).toEqual(lines);
  const verbose = timeline.text(true);
  expect(verbose.split('\n').filter((line) => lines.includes(line))).toEqual(lines);
  expect(verbose).toContain('payload: {"type":"call.ring"}');
  expect(verbose).not.toContain('wake_token');
});
