import { inject } from 'vitest';
import { WebSocket } from 'ws';

// Clients of Engine.IO that are no clients of Socket.IO: they send what they like.

/** The address of a WebSocket with this query. */
export const socketUrl = (query: string, path = '/socket.io/') =>
  `${inject('stackUrl').replace('http', 'ws')}${path}?${query}`;

/** A bare WebSocket, and the packets that it got. */
export async function bare(query = 'EIO=4&transport=websocket', path?: string) {
  const socket = new WebSocket(socketUrl(query, path));
  const packets: string[] = [];
  const waiting = new Set<() => void>();
  socket.on('message', (data) => {
    packets.push(String(data));
    for (const look of [...waiting]) look();
  });
  const closed = new Promise<number>((resolve) => {
    socket.on('close', resolve);
  });
  await new Promise((resolve, reject) => {
    socket.on('open', resolve);
    socket.on('error', reject);
  });
  const next = (start: string): Promise<string> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = packets.find((packet) => packet.startsWith(start));
        if (found === undefined) return;
        waiting.delete(look);
        packets.splice(packets.indexOf(found), 1);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  return { socket, packets, next, closed };
}

/** One request of a client that polls. */
export const poll = (query: string, init?: RequestInit): Promise<Response> =>
  fetch(`${inject('stackUrl')}/socket.io/?${query}`, init);
