import { nowMs } from '../clock.ts';
import { PREFLIGHT } from './floors.ts';
import type { Play } from './samples.ts';
import { type Scenery, succeeded } from './scenery.ts';
import type { TimedSocket } from './timed-socket.ts';

/** What the emulated gateway and Lambda take: the fastest request that the gateway answers, and the fastest that a function answers. */
export const emptyHops =
  ({ rest, quiet }: Scenery, socket: TimedSocket): Play =>
  async () => {
    const frame = async (sent: object, answer: string): Promise<number> => {
      await quiet();
      const sentAt = socket.send(sent);
      return (await socket.next(answer)).at - sentAt;
    };
    const request = async (asked: () => ReturnType<typeof rest.request>): Promise<number> => {
      await quiet();
      const from = nowMs();
      await succeeded(asked());
      return nowMs() - from;
    };
    return [
      { figure: 'frame_to_gateway', ms: await frame({ type: 'ping' }, 'pong') },
      { figure: 'frame_to_function', ms: await frame({ type: 'bench.nothing' }, 'error') },
      {
        figure: 'http_to_gateway',
        ms: await request(() => rest.request('OPTIONS', '/api/v2/devices', { headers: PREFLIGHT })),
      },
      { figure: 'http_to_function', ms: await request(() => rest.request('GET', '/health')) },
    ];
  };
