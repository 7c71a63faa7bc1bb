/// <reference path="./packages.d.ts" />
import type { AddressInfo } from 'node:net';
import { PeerServer } from 'peer';

// A peer of the bench: PeerServer as in its package.

PeerServer({ host: '127.0.0.1', port: 0, path: '/' }, (http) => process.send?.((http.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
