import { createHash } from 'node:crypto';
import type { IceServer } from '#ports/ice-servers.ts';
import { type Address, readXorAddress, type StunMessage, xorAddress } from './stun-message.ts';
import { type Attributes, openStunSocket, type StunSocket } from './stun-socket.ts';

// A minimal client of TURN over UDP (RFC 8656), to test credentials.

/** An entry of `ice_servers` that has credentials. */
export type TurnServer = Required<IceServer>;

/** A relay that a server has allocated. */
export interface Relay {
  /** The address that peers send to. */
  readonly address: Address;
  /** Allows a peer to send through the relay. */
  permit(peer: Address): Promise<void>;
  send(peer: Address, text: string): void;
  /** The next packet from a peer. */
  received(): Promise<string>;
  /** Extends the relay by ten minutes, as clients do repeatedly. */
  refresh(): Promise<void>;
  close(): void;
}

/** A refusal by a server, with its STUN error code. */
export class TurnRefusal extends Error {
  readonly code: number;

  constructor(code: number, reason: string) {
    super(`${code} ${reason}`);
    this.code = code;
  }
}

const REQUEST = { allocate: 0x0003, refresh: 0x0004, createPermission: 0x0008 };
const SEND_INDICATION = 0x0016;
const ATTRIBUTE = {
  username: 0x0006,
  errorCode: 0x0009,
  lifetime: 0x000d,
  peerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  relayedAddress: 0x0016,
  requestedTransport: 0x0019,
};
const ERROR = 0x0110;
const MISMATCH = 437;
const UDP = Buffer.from([17, 0, 0, 0]);
const TEN_MINUTES = Buffer.from([0, 0, 600 >> 8, 600 & 0xff]);

/** Asks a server for a relay; rejects with a `TurnRefusal` if the credentials are invalid. */
export async function allocate(server: TurnServer): Promise<Relay> {
  const socket = await openStunSocket(addressOf(server));
  try {
    const ask = await authenticated(socket, server);
    const answer = await ask(REQUEST.allocate, [[ATTRIBUTE.requestedTransport, UDP]]);
    return relay(socket, ask, readXorAddress(attributeOf(answer, ATTRIBUTE.relayedAddress)));
  } catch (error) {
    socket.close();
    // The system has given us the port of a relay that is closed here and lives on there: RFC 8656 has clients take another.
    if (error instanceof TurnRefusal && error.code === MISMATCH) return allocate(server);
    throw error;
  }
}

type Ask = (type: number, attributes: Attributes) => Promise<StunMessage>;

/** The first request is refused with the realm and a nonce, which sign the next ones. */
async function authenticated(socket: StunSocket, { username, credential }: TurnServer): Promise<Ask> {
  const challenge = await socket.request(REQUEST.allocate, [[ATTRIBUTE.requestedTransport, UDP]]);
  if (!challenge.attributes.has(ATTRIBUTE.realm)) throw refusal(attributeOf(challenge, ATTRIBUTE.errorCode));
  const [realm, nonce] = [attributeOf(challenge, ATTRIBUTE.realm), attributeOf(challenge, ATTRIBUTE.nonce)];
  const key = createHash('md5').update(`${username}:${realm}:${credential}`).digest();
  const proof: Attributes = [
    [ATTRIBUTE.username, Buffer.from(username)],
    [ATTRIBUTE.realm, realm],
    [ATTRIBUTE.nonce, nonce],
  ];
  return async (type, attributes) => {
    const answer = await socket.request(type, [...attributes, ...proof], key);
    if ((answer.type & ERROR) === ERROR) throw refusal(attributeOf(answer, ATTRIBUTE.errorCode));
    return answer;
  };
}

const relay = (socket: StunSocket, ask: Ask, address: Address): Relay => ({
  address,
  permit: async (peer) => void (await ask(REQUEST.createPermission, [[ATTRIBUTE.peerAddress, xorAddress(peer)]])),
  send: (peer, text) =>
    socket.indicate(SEND_INDICATION, [
      [ATTRIBUTE.peerAddress, xorAddress(peer)],
      [ATTRIBUTE.data, Buffer.from(text)],
    ]),
  received: async () => String(attributeOf(await socket.indication(), ATTRIBUTE.data)),
  refresh: async () => void (await ask(REQUEST.refresh, [[ATTRIBUTE.lifetime, TEN_MINUTES]])),
  close: () => socket.close(),
});

function addressOf({ urls: [url = ''] }: TurnServer): Address {
  const [, host, port] = /^turn:([\d.]+):(\d+)\?transport=udp$/.exec(url) ?? [];
  if (host === undefined) throw new Error(`not a TURN server over UDP: ${url}`);
  return { host, port: Number(port) };
}

function attributeOf({ type, attributes }: StunMessage, number: number): Buffer {
  const value = attributes.get(number);
  if (value === undefined)
    throw new Error(`a message 0x${type.toString(16)} without attribute 0x${number.toString(16)}`);
  return value;
}

/** ERROR-CODE: the hundreds in one byte, the rest in the next, then the reason. */
const refusal = (value: Buffer): TurnRefusal =>
  new TurnRefusal(value.readUInt8(2) * 100 + value.readUInt8(3), String(value.subarray(4)));
