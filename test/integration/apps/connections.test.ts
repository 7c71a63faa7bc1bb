import { expect, it } from 'vitest';
import { dial, startApp, two } from '../../support/apps.ts';

it('of a user are at most ten: one more closes the oldest, and says so first', async () => {
  const [alice, bob] = await two();
  const apps = [];
  for (let i = 0; i < 10; i += 1) apps.push(await startApp(bob, { hardwareId: `phone-${i}` }));
  const [oldest, second] = apps;
  expect(apps.flatMap((app) => app.heard('connection.replaced'))).toEqual([]);
  const newest = await startApp(bob, { hardwareId: 'one-more' });
  await oldest?.next('connection.replaced');
  expect((await oldest?.closed)?.code).toBe(1000);
  expect(oldest?.frames.at(-1)?.type).toBe('connection.replaced');
  // The others hear of a ring, and so does the newest.
  const hers = await startApp(alice);
  const { cid } = await dial(hers, bob);
  for (const app of [...apps.slice(1), newest]) await app.next('call.ring', (frame) => frame['call_cid'] === cid);
  await startApp(bob, { hardwareId: 'yet-one-more' });
  await second?.next('connection.replaced');
  expect(apps.slice(2).flatMap((app) => app.heard('connection.replaced'))).toEqual([]);
});

it('of one user do not count for another', async () => {
  const [alice, bob] = await two();
  const apps = await Promise.all([alice, bob].flatMap((who) => Array.from({ length: 6 }, () => startApp(who))));
  const late = await Promise.all([startApp(alice), startApp(bob)]);
  expect([...apps, ...late].flatMap((app) => app.heard('connection.replaced'))).toEqual([]);
});
