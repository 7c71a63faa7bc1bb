/// <reference path="../packages.d.ts" />
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { transports: ['websocket'] });
io.on('connection', (socket) => {
  const from = String(socket.handshake.auth['userId']);
  socket.join(from);
  socket.on('send', ({ to, ...sent }) => io.to(to).emit('sent', { from, ...sent }));
});
http.listen(0, '127.0.0.1', () => process.send?.((http.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
