import { describe, expect, it } from 'vitest';
import { PATIENCE_MS } from '../support/patience.ts';
import { people } from '../support/people.ts';
import { hearsAndSees, open, sees, talking } from './pages.ts';

const ufrag = (sdp = ''): string | undefined => /a=ice-ufrag:(\S+)/.exec(sdp)?.[1];

describe('two pages in a real browser', () => {
  it('hear and see each other, end with the call, and release the camera', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await open(alice), await open(bob)];
    await talking(hers, his, bob);
    const [caller, callee] = [await hers.do('look'), await his.do('look')];
    const first = Math.max(caller.firstFrameAt, callee.firstFrameAt) - caller.rungAt;
    process.stdout.write(`ring → first video frame at both ends: ${first} ms\n`);
    const [stats] = await hers.do('stats');
    process.stdout.write(`answer → connected: ${stats?.connectedAfterMs} ms, over ${JSON.stringify(stats?.pair)}\n`);
    expect(stats).toMatchObject({ userId: bob.id, packetsLost: expect.any(Number) });
    await his.do('hangUp');
    await expect.poll(async () => (await hers.do('look')).ended, { timeout: PATIENCE_MS }).toEqual(['completed']);
    for (const tab of [hers, his]) expect(await tab.do('look')).toMatchObject({ open: 0, live: 0, errors: [] });
  });

  it('go on when a socket is lost, and when ICE starts again', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await open(alice), await open(bob)];
    await talking(hers, his, bob);
    hers.network.cut();
    await hearsAndSees(hers);
    const before = ufrag((await hers.do('look')).descriptions[0]);
    await hers.do('restart');
    await expect
      .poll(async () => ufrag((await hers.do('look')).descriptions[0]), { timeout: PATIENCE_MS })
      .not.toBe(before);
    await Promise.all([hearsAndSees(hers), hearsAndSees(his)]);
    expect(await hers.do('look')).toMatchObject({ connections: 1, errors: [] });
    expect(await his.do('look')).toMatchObject({ connections: 1, errors: [] });
  });

  it('agree when both negotiate at once: both share a screen, while both restart ICE', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await open(alice), await open(bob)];
    await talking(hers, his, bob);
    await Promise.all([hers.do('share'), his.do('share'), hers.do('restart'), his.do('restart')]);
    await Promise.all([sees(hers, ({ videos }) => videos === 2), sees(his, ({ videos }) => videos === 2)]);
    await Promise.all([hearsAndSees(hers), hearsAndSees(his)]);
    expect((await hers.do('look')).errors).toEqual([]);
    expect((await his.do('look')).errors).toEqual([]);
  });

  it('hear and see each other again when offers with new paths have crossed', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const tabs = [await open(alice), await open(bob)] as const;
    const [hers, his] = tabs;
    await talking(hers, his, bob);
    for (const tab of tabs) tab.network.stall();
    for (const tab of tabs) {
      const before = ufrag((await tab.do('look')).descriptions[0]);
      await tab.do('restart');
      await expect
        .poll(async () => ufrag((await tab.do('look')).descriptions[0]), { timeout: PATIENCE_MS })
        .not.toBe(before);
    }
    for (const { network } of tabs) {
      network.recover();
      network.cut();
    }
    for (const tab of tabs)
      await expect.poll(async () => (await tab.do('look')).isStable, { timeout: PATIENCE_MS }).toBe(true);
    await Promise.all(tabs.map((tab) => hearsAndSees(tab)));
    for (const tab of tabs) expect((await tab.do('look')).errors).toEqual([]);
  });

  it('mute and switch the camera without negotiating, and leave neither camera on', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await open(alice), await open(bob)];
    await talking(hers, his, bob);
    const before = (await hers.do('look')).descriptions;
    await hers.do('mute', 'audio', true);
    await hers.do('switchCamera');
    const { frames } = await his.do('received');
    await sees(his, (now) => now.frames > frames + 10);
    await hers.do('mute', 'audio', false);
    await hearsAndSees(his);
    expect((await hers.do('look')).descriptions).toEqual(before);
    await hers.do('hangUp');
    expect(await hers.do('look')).toMatchObject({ live: 0 });
  });

  it('find each other again when one is reloaded in the call', async () => {
    const [alice, bob] = await people('alice', 'bob');
    for (const reloaded of ['caller', 'callee'] as const) {
      const [hers, his] = [await open(alice), await open(bob)];
      await talking(hers, his, bob);
      const [gone, stays] = reloaded === 'caller' ? [hers, his] : [his, hers];
      await gone.reload();
      await gone.do('resume');
      await gone.do('join');
      await Promise.all([hearsAndSees(gone), hearsAndSees(stays)]);
      await gone.do('hangUp');
      await expect.poll(async () => (await stays.do('look')).ended, { timeout: PATIENCE_MS }).toEqual(['completed']);
    }
  });
});

describe('a camera', () => {
  it('is off when the call was over before it was allowed, and does not come on after the call', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await open(alice), await open(bob)];
    await hers.do('ring', [bob.id]);
    await his.do('incoming');
    await hers.do('hangUp');
    await expect.poll(async () => (await his.do('look')).ended, { timeout: PATIENCE_MS }).toEqual(['cancelled']);
    await his.do('join');
    expect(await his.do('look')).toMatchObject({ connections: 0, live: 0 });
    await his.do('share');
    await his.do('switchCamera');
    expect(await his.do('look')).toMatchObject({ connections: 0, live: 0 });
  });
});

describe('four pages', () => {
  it('hear and see one another, and go on when one leaves', async () => {
    const [alice, bob, carol, dave] = await people('alice', 'bob', 'carol', 'dave');
    const [hers, ...others] = await Promise.all([alice, bob, carol, dave].map((who) => open(who)));
    if (!hers) throw new Error('four pages');
    await hers.do('ring', [bob.id, carol.id, dave.id]);
    const join = (tab: typeof hers): Promise<void> => tab.do('join', {}, 160);
    await Promise.all([join(hers), ...others.map((tab) => tab.do('answer').then(() => join(tab)))]);
    await Promise.all([hers, ...others].map((tab) => hearsAndSees(tab, 3)));
    await others[0]?.do('hangUp');
    await Promise.all([hers, ...others.slice(1)].map((tab) => hearsAndSees(tab, 2)));
  });
});

describe('a description', () => {
  it('that is too long for the server is told', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const [hers, his] = [await open(alice), await open(bob)];
    await talking(hers, his, bob);
    await hers.do('share', 10);
    const errors = async (): Promise<readonly string[]> => (await hers.do('look')).errors;
    await expect
      .poll(errors, { timeout: PATIENCE_MS })
      .toContainEqual(expect.stringMatching(/sdp\.offer: is \d+ bytes long, and 32768 are allowed/));
    await hers.do('hangUp');
  });
});

describe('a browser', () => {
  it('without WebRTC, or a stream, gives an error with a code', async () => {
    const [alice, bob] = await people('alice', 'bob');
    const hers = await open(alice);
    await hers.do('ring', [bob.id]);
    expect(await hers.do('codesOfJoiningWithout')).toEqual({
      withoutStream: 'invalid_argument',
      withoutWebRtc: 'no_webrtc',
    });
    await hers.do('hangUp');
  });
});
