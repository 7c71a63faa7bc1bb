import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { PATIENCE_MS } from '../patience.ts';
import { type Address, decode, encode, type StunMessage } from './stun-message.ts';

/** The attributes of a message, by number. */
export type Attributes = readonly (readonly [number: number, value: Buffer])[];

/** A UDP socket to one STUN server. */
export interface StunSocket {
  /** Sends a request, and repeats it until it is answered, since UDP may lose it. */
  request(type: number, attributes: Attributes, key?: Buffer): Promise<StunMessage>;
  /** Sends a message that has no answer. */
  indicate(type: number, attributes: Attributes): void;
  /** The next message that the server sends without being asked. */
  indication(): Promise<StunMessage>;
  close(): void;
}

const RETRANSMIT_MS = 250;
const SUCCESS = 0x0100;

/** Opens a socket to the server at `address`. */
export async function openStunSocket({ host, port }: Address): Promise<StunSocket> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const answers = new Map<string, (answer: StunMessage) => void>();
  const unread: StunMessage[] = [];
  const readers: ((message: StunMessage) => void)[] = [];
  socket.on('message', (bytes) => {
    const message = decode(bytes);
    if (message.type & SUCCESS) return answers.get(message.transaction.toString('hex'))?.(message);
    const reader = readers.shift();
    if (reader) reader(message);
    else unread.push(message);
  });
  const send = (message: StunMessage, key?: Buffer) => socket.send(encode(message, key), port, host);
  const message = (type: number, attributes: Attributes): StunMessage => ({
    type,
    transaction: randomBytes(12),
    attributes: new Map(attributes),
  });

  return {
    async request(type, attributes, key) {
      const question = message(type, attributes);
      const id = question.transaction.toString('hex');
      const { promise, resolve, reject } = Promise.withResolvers<StunMessage>();
      answers.set(id, resolve);
      send(question, key);
      const again = setInterval(() => send(question, key), RETRANSMIT_MS);
      const giveUp = setTimeout(() => reject(new Error(`no answer from ${host}:${port}`)), PATIENCE_MS);
      return await promise.finally(() => {
        clearInterval(again);
        clearTimeout(giveUp);
        answers.delete(id);
      });
    },
    indicate: (type, attributes) => send(message(type, attributes)),
    indication: async () => unread.shift() ?? (await new Promise((resolve) => readers.push(resolve))),
    close: () => socket.close(),
  };
}
