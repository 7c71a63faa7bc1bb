import { describe, expect, it, vi } from 'vitest';
import {
  APP_TEST_MS,
  type App,
  android,
  asServer,
  dial,
  iphone,
  memberIn,
  pushed,
  settled,
  startApp,
  talking,
  three,
  two,
} from '../../support/apps.ts';
import { PATIENCE_MS } from '../../support/patience.ts';
import { callPath, eventually, type Person, ring, script } from '../../support/people.ts';

vi.setConfig({ testTimeout: APP_TEST_MS });

// biome-ignore lint/suspicious/noExplicitAny: an event of any type
type Row = any; // oxlint-disable-line typescript/no-explicit-any -- see above

const connectionOf = (app: App): string =>
  String(app.frames.find(({ type }) => type === 'user.connected')?.['connection_id']);

const SECRET = 'bobs-own-handset';

describe.concurrent('the ids of a user’s handset and connection', () => {
  /** Alice rings Bob and Carol; Bob has answered on a handset with a recognisable id. */
  async function bobAnswers() {
    const [alice, bob, carol] = await three();
    const [hers, his, carols] = await Promise.all([
      startApp(alice),
      startApp(bob, { hardwareId: SECRET }),
      startApp(carol),
    ]);
    const { id, cid } = await dial(hers, [bob, carol]);
    await his.next('call.ring');
    await his.ask({ type: 'call.ringing', call_cid: cid });
    await hers.next('call.ringing');
    await his.ask({ type: 'call.accept', call_cid: cid });
    await hers.next('call.accepted');
    return { alice, bob, carol, hers, his, carols, id, cid, secrets: [SECRET, connectionOf(his)] };
  }

  it('are in no frame that others get', async () => {
    const { hers, carols, cid, secrets } = await bobAnswers();
    await hers.ask({ type: 'call.end', call_cid: cid });
    await Promise.all([hers, carols].map((app) => app.next('call.ended')));
    await settled();
    for (const app of [hers, carols])
      for (const secret of secrets) expect(JSON.stringify(app.frames)).not.toContain(secret);
  });

  it('are in no answer that others get', async () => {
    const { alice, bob, carol, id, secrets } = await bobAnswers();
    const answers = [
      await alice.get(callPath(id)),
      await carol.get(callPath(id)),
      await alice.get('/api/v2/video/calls'),
      await alice.get(callPath(id, '/trace')),
      await alice.post(callPath(id), { members: [{ user_id: bob.id }] }),
      await alice.post(callPath(id, '/ring')),
      await carol.post(callPath(id, '/reject')),
      await alice.post(callPath(id, '/mark_ended')),
      await carol.post(callPath(id, '/accept')),
    ];
    for (const { body } of answers) for (const secret of secrets) expect(JSON.stringify(body)).not.toContain(secret);
  });

  it('are shown to that user and to the app’s backend', async () => {
    const { bob, id, his } = await bobAnswers();
    const answered_on = { hardware_id: SECRET, connection_id: connectionOf(his) };
    expect(await memberIn(bob, id)).toMatchObject({ answered_on });
    const server = await asServer('GET', callPath(id));
    expect(server.body.members).toContainEqual(expect.objectContaining({ user_id: bob.id, answered_on }));
  });

  it('are not shown in busy or replaced calls either', async () => {
    const { bob, hers, his, cid } = await talking({ his: { hardwareId: SECRET } });
    const carol = (await two('carol'))[0];
    const busy = await ring(carol, bob);
    expect(JSON.stringify(busy.answer.body)).not.toContain(SECRET);
    await dial(hers, bob);
    await hers.ask({ type: 'call.end', call_cid: cid });
    await settled();
    for (const secret of [SECRET, connectionOf(his)]) expect(JSON.stringify(hers.frames)).not.toContain(secret);
  });
});

describe.concurrent('the ring trace', () => {
  const isOfPhone = ({ event }: Row): boolean => /^(push|event|device)\./.test(event) && event !== 'device.ringing';
  const traceFor = async (who: Person, id: string) => (await who.get(callPath(id, '/trace'))).body;
  /** Waits until the trace, as the backend sees it, has a row. */
  const traced = (id: string, fits: (row: Row) => boolean) =>
    eventually(
      async () => {
        const { body } = await asServer('GET', callPath(id, '/trace'));
        return body.trace.some(fits) && body;
      },
      `a row in the trace of ${id}`,
      PATIENCE_MS,
    );

  it('shows rows about phones only to their own user and to the app’s backend', async () => {
    const [alice, bob, carol] = await three();
    const pixel = await android(bob, { hardware_id: 'pixel' });
    const apple = await iphone(bob, { hardware_id: 'iphone' });
    const [, his] = await Promise.all([startApp(alice), startApp(bob)]);
    const { id } = await ring(alice, [bob, carol]);
    await Promise.all([pushed(pixel, 'call.ring'), pushed(apple, 'call.ring'), his.next('call.ring')]);
    await alice.post(callPath(id, '/mark_ended'));
    await pushed(pixel, 'call.cancelled');
    await settled();
    const server = await traced(id, ({ event, type }) => event === 'push.accepted' && type === 'call.cancelled');
    const ofBob = (rows: Row[]) => rows.filter((row) => isOfPhone(row) && row.user_id === bob.id);
    expect(ofBob(server.trace).length).toBeGreaterThan(4);
    expect(ofBob((await traceFor(bob, id)).trace)).toHaveLength(ofBob(server.trace).length);
    for (const who of [alice, carol]) {
      const { trace } = await traceFor(who, id);
      expect(trace.filter((row: Row) => isOfPhone(row) && row.user_id !== who.id)).toEqual([]);
      expect(JSON.stringify(trace)).not.toContain(pixel.slice(-8));
    }
  });

  it('looks the same to the caller whatever phones the callee has', async () => {
    const caller = async (prepare: (bob: Person) => Promise<unknown>) => {
      const [alice, bob] = await two();
      await startApp(bob);
      await prepare(bob);
      const { id } = await ring(alice, bob);
      await alice.post(callPath(id, '/mark_ended'));
      await settled();
      const { trace, verdict } = await traceFor(alice, id);
      return {
        rows: trace.map((row: Row) => `${row.event} of ${row.user_id === bob.id ? 'bob' : 'alice'}`).toSorted(),
        verdict: String(verdict).replace(/\d+/g, 'n').replaceAll(bob.id, 'bob'),
      };
    };
    const bare = await caller(async () => {});
    const many = await caller(async (bob) => {
      await Promise.all([android(bob), android(bob), iphone(bob)]);
    });
    const failing = await caller(async (bob) => {
      await script(await android(bob), { status: 400, reason: 'INVALID_ARGUMENT' });
      await script(await iphone(bob), { status: 410, reason: 'Unregistered', timestamp: Date.now() + 60_000 });
    });
    expect(many).toEqual(bare);
    expect(failing).toEqual(bare);
  });

  it('tells the caller what the events of the call told them', async () => {
    const [alice, bob] = await two();
    const [hers, his] = await Promise.all([startApp(alice), startApp(bob, { hardwareId: SECRET })]);
    const { id, cid } = await dial(hers, bob);
    await his.next('call.ring');
    await his.ask({ type: 'call.ringing', call_cid: cid });
    await his.ask({ type: 'call.accept', call_cid: cid });
    await hers.ask({ type: 'call.end', call_cid: cid });
    await settled();
    const { trace, verdict } = await traceFor(alice, id);
    const events = trace.map(({ event }: Row) => event);
    expect(events).toEqual(
      expect.arrayContaining(['call.created', 'ring.requested', 'device.ringing', 'call.accepted', 'call.ended']),
    );
    expect(JSON.stringify({ trace, verdict })).not.toContain(SECRET);
    for (const row of trace) if (row.user_id === bob.id) expect(row).not.toHaveProperty('hardware_id');
  });
});
