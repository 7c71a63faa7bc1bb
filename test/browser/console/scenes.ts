import type { TraceEvent } from '#client/wire.ts';
import { callPath, eventually, type Person, ring, script } from '../../support/people.ts';

/** Waits until the trace of a call has as many rows of this kind as are wanted. */
export async function traced(
  who: Pick<Person, 'get'>,
  id: string,
  fits: (row: TraceEvent) => boolean,
  many = 1,
): Promise<void> {
  await eventually(async () => {
    const { trace }: { trace: TraceEvent[] } = (await who.get(callPath(id, '/trace'))).body;
    return trace.filter(fits).length >= many;
  }, `${many} rows of the trace of ${id}`);
}

/** Bob's Android phone is reached at the second try, his iPhone rings and answers, and the other is told to stop. */
export async function anAnsweredCall(
  alice: Person,
  bob: Person,
  rings = async (): Promise<void> => {},
): Promise<string> {
  await bob.iphone({ hardware_id: 'iphone-15', app_version: '3.2.1' });
  const pixel = await bob.android({ hardware_id: 'pixel-8', app_version: '3.2.1' });
  await script(pixel, { status: 503, reason: 'UNAVAILABLE' });
  const { id } = await ring(alice, bob, { video: true });
  await traced(bob, id, ({ event }) => event === 'push.accepted', 2);
  const phone = { hardware_id: 'iphone-15' };
  await bob.post(callPath(id, '/ringing'), phone);
  await rings();
  await bob.post(callPath(id, '/accept'), phone);
  await traced(bob, id, ({ event, type }) => event === 'push.accepted' && type === 'call.accepted');
  return id;
}
