import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';

/** A UDP relay before a server. */
export interface Gate {
  readonly port: number;
  /** Drops every packet of whoever has sent some so far, as if their network were gone. Others get through. */
  loseAll(): void;
  close(): void;
}

/** Opens a gate before a port of 127.0.0.1. */
export async function openGate(target: number): Promise<Gate> {
  const clients = new Map<number, Socket>();
  const lost = new Set<number>();
  const gate = createSocket('udp4').bind(0, '127.0.0.1');
  await once(gate, 'listening');
  gate.on('message', (packet, { port }) => {
    if (lost.has(port)) return;
    let upstream = clients.get(port);
    if (!upstream) {
      upstream = createSocket('udp4').on('message', (answer) => lost.has(port) || gate.send(answer, port, '127.0.0.1'));
      clients.set(port, upstream);
    }
    upstream.send(packet, target, '127.0.0.1');
  });
  return {
    port: gate.address().port,
    loseAll() {
      for (const port of clients.keys()) lost.add(port);
    },
    close() {
      for (const socket of [gate, ...clients.values()]) socket.close();
    },
  };
}
