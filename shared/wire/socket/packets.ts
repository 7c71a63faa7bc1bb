import { decodePacket, decodePayload, encodePacket, encodePayload, type Packet } from 'engine.io-parser';
import { Decoder, Encoder, PacketType } from 'socket.io-parser';

/** A packet of Engine.IO, which carries those of Socket.IO: as one frame, or as a part of a polling request. */
export type EnginePacket = Packet;

/** An event that a client sends. */
interface SentEvent {
  readonly namespace: string;
  readonly name: string;
  readonly args: readonly unknown[];
  /** The id that an acknowledgement repeats, if one is wanted. */
  readonly ack?: number | undefined;
}

/** What a packet of Socket.IO comes to. We take no `binary` event, which has attachments, and no `attachment`. */
export type SocketPacket =
  | { readonly type: 'connect'; readonly namespace: string; readonly auth: unknown }
  | { readonly type: 'disconnect'; readonly namespace: string }
  | ({ readonly type: 'event' } & SentEvent)
  | ({ readonly type: 'binary' } & SentEvent)
  | { readonly type: 'attachment' | 'unasked' | 'malformed'; readonly namespace: string };

/** An event as a dialect says it: its name and its arguments. */
export type SocketEvent = readonly [name: string, ...args: unknown[]];

/** The packet in a text frame. */
export const enginePacketOf = (text: string): EnginePacket => decodePacket(text);

/** The packets in the body of a polling request. */
export const enginePacketsOf = (body: string): EnginePacket[] => decodePayload(body);

/** Several packets as the body of a polling answer. */
export function payloadOf(packets: readonly string[]): string {
  let payload = '';
  encodePayload(packets.map(enginePacketOf), (text) => {
    payload = text;
  });
  return payload;
}

/** The packet of Socket.IO in a message of Engine.IO, which may also be empty or binary. */
export function socketPacketOf(message: unknown): SocketPacket {
  if (message instanceof Uint8Array) return { type: 'attachment', namespace: '/' };
  const decoder = new Decoder();
  const packets: SocketPacket[] = [];
  let event: 'event' | 'binary' = 'event';
  decoder.on('decoded', ({ type, nsp: namespace, data, id: ack }) => {
    if (type === PacketType.CONNECT) packets.push({ type: 'connect', namespace, auth: data });
    else if (type === PacketType.DISCONNECT) packets.push({ type: 'disconnect', namespace });
    else if (type === PacketType.EVENT) packets.push(eventOf(event, namespace, data, ack));
    else packets.push({ type: 'unasked', namespace });
  });
  try {
    decoder.add(message);
    // What waits for attachments gets empty ones: its own come as binary frames.
    for (event = 'binary'; packets.length === 0; ) decoder.add(NO_DATA);
  } catch {
    // The parser throws at whatever it cannot read.
  } finally {
    decoder.destroy();
  }
  return packets[0] ?? { type: 'malformed', namespace: '/' };
}

const NO_DATA = new Uint8Array();

function eventOf(type: 'event' | 'binary', namespace: string, data: unknown, ack: number | undefined): SocketPacket {
  const [name, ...args]: unknown[] = Array.isArray(data) ? data : [];
  return typeof name === 'string' ? { type, namespace, name, args, ack } : { type: 'malformed', namespace };
}

const framed = (packet: Packet): string => {
  let frame = '';
  encodePacket(packet, false, (text: string) => {
    frame = text;
  });
  return frame;
};

const encoder = new Encoder();

function message(type: PacketType, nsp: string, rest: { readonly data?: unknown; readonly id?: number }): string {
  const [data] = encoder.encode({ type, nsp, ...rest });
  return framed({ type: 'message', data });
}

/** The first packet of a session: how the client is to keep it. */
export const openPacket = (handshake: object): string => framed({ type: 'open', data: JSON.stringify(handshake) });

export const pingPacket = (): string => framed({ type: 'ping' });
export const pongPacket = (data: unknown): string => framed({ type: 'pong', data });
export const noopPacket = (): string => framed({ type: 'noop' });
export const closePacket = (): string => framed({ type: 'close' });

/** A client is let into a namespace. */
export const connectPacket = (namespace: string, sid: string): string =>
  message(PacketType.CONNECT, namespace, { data: { sid } });

/** A client is not let into a namespace: it may try again. */
export const connectErrorPacket = (
  namespace: string,
  why: { readonly message: string; readonly data?: object },
): string => message(PacketType.CONNECT_ERROR, namespace, { data: why });

/** The end of a client's stay in a namespace, which it does not come back from by itself. */
export const disconnectPacket = (namespace: string): string => message(PacketType.DISCONNECT, namespace, {});

export const eventPacket = (namespace: string, event: SocketEvent): string =>
  message(PacketType.EVENT, namespace, { data: event });

/** The acknowledgement of an event that was sent with a callback. */
export const ackPacket = (namespace: string, id: number, answer: object): string =>
  message(PacketType.ACK, namespace, { id, data: [answer] });
