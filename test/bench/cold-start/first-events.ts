import { authorizerEvent, httpEvent } from './gateway-events.ts';
import type { Scene } from './scene.ts';

/** A function of the template, and an event that can start it. */
export interface FirstEvent {
  /** Its name in the template. */
  readonly name: string;
  readonly entry: string;
  readonly what: string;
  /** Makes the next such event, with everything that it refers to. */
  next(): Promise<unknown>;
}

/** The shortest ring. */
const SHORT_RING_MS = 5000;

/** The first event of each function, for at most `starts` starts. */
export async function firstEvents(scene: Scene, starts: number): Promise<FirstEvent[]> {
  const over: string[] = [];
  for (let i = 0; i < starts; i += 1) over.push((await scene.ring(await scene.person('bob'), SHORT_RING_MS)).cid);
  const bob = await scene.callee();
  const { cid, caller: alice } = await scene.ring(bob);
  await scene.accept(cid, bob);
  const callPath = `/api/v2/video/call/${cid.replace(':', '/')}`;
  const candidate = 'candidate:1 1 udp 2113937151 192.0.2.1 54400 typ host';
  return [
    {
      name: 'Http',
      entry: 'functions/http/index.ts',
      what: '`GET /health`',
      next: async () => httpEvent(scene.around.edge, 'GET', '/health'),
    },
    {
      name: 'Http',
      entry: 'functions/http/index.ts',
      what: '`GET` of a call',
      next: async () => httpEvent(scene.around.edge, 'GET', callPath, alice.token),
    },
    {
      name: 'Connection',
      entry: 'functions/websocket/connection.ts',
      what: 'authorizer',
      next: async () => authorizerEvent(scene.around.edge, alice.token),
    },
    {
      name: 'Command',
      entry: 'functions/websocket/command.ts',
      what: '`call.ring`',
      next: async () => scene.ringFrame(await scene.person('alice'), await scene.callee()),
    },
    {
      name: 'Signal',
      entry: 'functions/websocket/signal.ts',
      what: '`ice.candidate` to a connection',
      next: async () => scene.frame(alice, { type: 'ice.candidate', call_cid: cid, candidate, sdpMid: '0' }),
    },
    {
      name: 'RingWorker',
      entry: 'functions/queue/ring.ts',
      what: 'a push to FCM',
      next: async () => scene.delivered('RingWorker', (await scene.ring(await scene.callee())).cid),
    },
    {
      name: 'DeadlineWorker',
      entry: 'functions/queue/deadline.ts',
      what: 'a ring that is over',
      next: async () => scene.delivered('DeadlineWorker', over.shift() ?? 'no more of them'),
    },
  ];
}
