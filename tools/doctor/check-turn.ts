import { z } from 'zod';
import { sharedSecretIceServers } from '#adapters/turn/ice-servers.ts';
import { type Clock, HOUR_MS } from '#domain/time.ts';
import type { Finding } from '#ports/checkup-store.ts';
import { faultsOf } from './faults.ts';
import { about } from './finding.ts';

const SHAPE =
  '{"urls":["turn:host:3478?transport=udp"],"secrets":["<shared secret>"]}, or {} if there is no TURN server';

const content = z.object({ urls: z.array(z.string()).default([]), secrets: z.array(z.string()).default([]) });

/** `turn:` or `turns:`, a host, and optionally a port and a transport. */
const TURN_URL = /^turns?:(\[[0-9a-f:]+\]|[\w.-]+)(:\d{1,5})?(\?transport=(udp|tcp))?$/i;

/** Checks that clients get a TURN server from the secret `turn`. Whether the server answers, only a phone can tell. */
export async function checkTurn(read: () => Promise<string>, clock: Clock): Promise<Finding[]> {
  const turn = about('secret turn');
  const faults: unknown[] = [];
  const text = await read();
  const iceServers = sharedSecretIceServers({
    readTurnSecret: async () => text,
    stunUrls: [],
    ttlMs: HOUR_MS,
    clock,
    onFault: (error) => faults.push(error),
  });
  const [server] = await iceServers('carillon-doctor');
  if (faults.length > 0)
    return [
      turn.fix(
        `clients get no TURN server, because of this fault: ${faultsOf(faults[0])}. The secret must be ${SHAPE}`,
      ),
    ];
  if (server) return [wrongUrl(server.urls) ?? turn.good(`clients get ${server.urls.join(', ')}`)];
  const { urls, secrets } = content.parse(JSON.parse(text));
  if (urls.length === 0 && secrets.length === 0)
    return [
      turn.note('there is no TURN server: two phones that are both behind strict NATs cannot connect to each other'),
    ];
  return [
    turn.fix(
      `clients get no TURN server, since ${urls.length === 0 ? 'urls' : 'secrets'} is empty. The secret must be ${SHAPE}`,
    ),
  ];
}

function wrongUrl(urls: readonly string[]): Finding | undefined {
  const wrong = urls.find((url) => !TURN_URL.test(url));
  return wrong === undefined
    ? undefined
    : about('secret turn').fix(`${wrong} is not the address of a TURN server: write turn:host:3478?transport=udp`);
}
