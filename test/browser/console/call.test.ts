import { describe, expect, it } from 'vitest';
import { callPath, people, rest, unique } from '../../support/people.ts';
import { expectAccessible, expectNoSidewaysScroll, openConsole } from './open-console.ts';

/** A call that rang on an iPhone, was retried on an Android phone, and was answered. */
async function anAnsweredCall() {
  const [alice, bob] = await people('alice', 'bob');
  const id = unique('call');
  const android = await bob.android({ hardware_id: 'pixel' });
  await bob.iphone({ hardware_id: 'iphone' });
  const outcomes = [{ status: 503, reason: 'UNAVAILABLE' }];
  await rest().request('POST', '/_local/push-outcomes', { body: { token: android, outcomes } });
  await alice.post(callPath(id), { members: [{ user_id: bob.id }], ring: true, video: true });
  await bob.post(`${callPath(id)}/ringing`, { hardware_id: 'iphone' });
  await bob.post(`${callPath(id)}/accept`, { hardware_id: 'iphone' });
  return { alice, bob, id, address: `/console/calls/default/${id}` };
}

describe('the page of a call', () => {
  it('says first what became of the ring, and tells it phone by phone, in a picture and in words', async () => {
    const { bob, address } = await anAnsweredCall();
    const page = await openConsole(address);
    await page
      .getByText(/^rang after \d+ ms, answered after \d+ ms$/)
      .first()
      .waitFor();
    expect(page.url()).not.toContain('token');
    const lanes = page.locator('.lane-group', { hasText: bob.id }).locator('.lane-name');
    await expect.poll(() => lanes.count()).toBe(2);
    for (const words of [
      'iphone · APNs',
      'APNs takes it',
      'answered on this phone',
      'pixel · FCM',
      '503 UNAVAILABLE',
    ]) {
      await lanes.filter({ hasText: words }).waitFor();
    }
    const rows = page.getByRole('table').getByRole('row');
    await rows.filter({ hasText: 'the phone says that it rings' }).waitFor();
  });

  it.each(['light', 'dark'] as const)('has no fault that axe finds, in the %s', async (scheme) => {
    const { address } = await anAnsweredCall();
    const page = await openConsole(address, { scheme });
    await page.getByRole('table').waitFor();
    await expectAccessible(page);
  });

  it('fits a screen of 320 pixels', async () => {
    const { address } = await anAnsweredCall();
    const page = await openConsole(address, { width: 320 });
    await page.getByRole('table').waitFor();
    await expectNoSidewaysScroll(page);
  });
});
