/// <reference path="./packages.d.ts" />
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

// A peer of the bench: calls and rooms over Socket.IO as in tutorials. A map in memory has the users who are online, a call
// is what two sockets say to each other, and a room is one of Socket.IO's own.

interface Sent {
  readonly to: string;
  readonly signalData?: unknown;
  readonly callType?: string;
}

const http = createServer();
const io = new Server(http, { transports: ['websocket'] });
const online = new Map<string, string>();

io.on('connection', (socket) => {
  const userId = String(socket.handshake.auth['userId']);
  online.set(userId, socket.id);
  const pass = (to: string, event: string, content: object): void => {
    const target = online.get(to);
    if (target !== undefined) io.to(target).emit(event, content);
  };
  socket.on('callUser', ({ to, signalData, callType }: Sent) =>
    pass(to, 'incomingCall', { from: userId, signalData, callType }),
  );
  socket.on('answerCall', ({ to, signalData }: Sent) => pass(to, 'callAccepted', { from: userId, signalData }));
  socket.on('rejectCall', ({ to }: Sent) => pass(to, 'callRejected', { from: userId }));
  socket.on('endCall', ({ to }: Sent) => pass(to, 'callEnded', { from: userId }));
  socket.on('join', (room: string) => socket.join(room));
  socket.on('offer', ({ room, payload }: { readonly room: string; readonly payload: unknown }) =>
    socket.to(room).emit('offer', { payload, sender_id: userId }),
  );
  socket.on('disconnect', () => online.delete(userId));
});

http.listen(0, '127.0.0.1', () => process.send?.((http.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
