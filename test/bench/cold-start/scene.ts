import { randomBytes } from 'node:crypto';
import type { Connection } from '#local/aws/gateway/connections.ts';
import { messageEvent } from '#local/aws/gateway/websocket-event.ts';
import { startPool } from '#local/aws/lambda/pool.ts';
import { signToken } from '#local/lab/control/tokens.ts';
import { openDeliveries } from './deliveries.ts';
import { authorizerEvent, connectEvent, httpEvent } from './gateway-events.ts';
import { type Surroundings, startSurroundings } from './surroundings.ts';

/** A user with an open connection. */
export interface Person {
  readonly id: string;
  readonly token: string;
  readonly facts: Parameters<typeof messageEvent>[1];
}

type Frame = Readonly<Record<string, unknown>> & { readonly type: string };
type FrameEvent = ReturnType<typeof messageEvent>;

/** Prepares what the first event of each function needs. */
export interface Scene {
  readonly around: Surroundings;
  /** A new user. */
  person(name: string): Promise<Person>;
  /** A new user with an Android phone. */
  callee(): Promise<Person>;
  /** The event of a frame. */
  frame(from: Person, frame: Frame): FrameEvent;
  /** The event of a frame that rings. */
  ringFrame(caller: Person, callee: Person, ringMs?: number): FrameEvent;
  /** A new call that rings a callee. */
  ring(callee: Person, ringMs?: number): Promise<{ readonly cid: string; readonly caller: Person }>;
  accept(cid: string, by: Person): Promise<void>;
  /** The first message for a function that mentions `about`. */
  delivered(to: string, about: string): Promise<unknown>;
}

/** Opens the scene, with all functions that it needs running. */
export async function openScene(): Promise<Scene> {
  const deliveries = openDeliveries();
  const around = await startSurroundings(deliveries.add);
  const pool = (name: string) => startPool(specOf(around, name), around.host);
  const [http, connection, command] = [pool('Http'), pool('Connection'), pool('Command')];

  const frame = (from: Person, sent: Frame): FrameEvent =>
    messageEvent(around.sockets, from.facts, sent.type, JSON.stringify({ id: 1, ...sent }));

  const ringFrame = (caller: Person, { id }: Person, ringMs = 60_000): FrameEvent =>
    frame(caller, {
      type: 'call.ring',
      call_id: randomBytes(8).toString('hex'),
      members: [{ user_id: id }],
      settings_override: { ring: { auto_cancel_timeout_ms: ringMs } },
    });

  const person = async (name: string): Promise<Person> => {
    const id = `${name}-${randomBytes(6).toString('hex')}`;
    const claims = { user_id: id };
    const token = await signToken(around.keyRing, {
      claims,
      expires_in_s: 3600,
      bad_signature: false,
      kind: 'login',
    });
    const { context } = Object(await connection.invoke(authorizerEvent(around.edge, token)));
    const connectionId = `${randomBytes(12).toString('base64url').slice(0, 15)}=`;
    const facts = { connectionId, connectedAt: Date.now(), userAgent: 'bench', authorizer: context };
    await connection.invoke(connectEvent(around.sockets, facts));
    around.connections.set(connectionId, swallowing(facts));
    return { id, token, facts };
  };

  return {
    around,
    person,
    frame,
    ringFrame,
    delivered: deliveries.next,
    async callee() {
      const callee = await person('bob');
      const phone = { id: `token-of-${callee.id}`, push_provider: 'firebase' };
      const { statusCode } = Object(
        await http.invoke(httpEvent(around.edge, 'POST', '/api/v2/devices', callee.token, phone)),
      );
      if (statusCode !== 201) throw new Error(`a phone could not be registered: ${statusCode}`);
      return callee;
    },
    async ring(callee, ringMs) {
      const caller = await person('alice');
      const event = ringFrame(caller, callee, ringMs);
      await command.invoke(event);
      return { cid: `default:${JSON.parse(event.body).call_id}`, caller };
    },
    async accept(cid, by) {
      await command.invoke(frame(by, { type: 'call.accept', call_cid: cid }));
    },
  };
}

/** A function as the template has it. */
export function specOf({ functions }: Surroundings, name: string): Surroundings['functions'][number] {
  const spec = functions.find((candidate) => candidate.name === name);
  if (!spec) throw new Error(`the template has no function ${name}`);
  return spec;
}

/** An open connection that takes everything that is posted to it. */
const swallowing = ({ connectionId, connectedAt, userAgent }: Person['facts']): Connection => ({
  id: connectionId,
  connectedAt,
  lastActiveAt: connectedAt,
  userAgent,
  socket: { bufferedAmount: 0 } as unknown as Connection['socket'],
  send: () => undefined,
  close: () => undefined,
  lose: () => undefined,
  active: () => undefined,
});
