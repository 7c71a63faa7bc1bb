/** A package that apps place calls with, and the app of a video call that stands on it. */
export interface Contender {
  readonly name: string;
  /** What the app imports: all of these, with all that they export. */
  readonly imports: readonly string[];
  /** The script of the app, for the page of `examples/web`. */
  readonly app: string;
  /** How many of its lines only fetch a login token. */
  readonly tokenLines: number;
  /** The app's own server, if the package has none. */
  readonly server?: string;
}

const CALL = 'test/bench/rivals/call';

export const CARILLON: Contender = {
  name: '@carillon/client',
  imports: ['@carillon/client', '@carillon/client/media'],
  app: 'examples/web/call.ts',
  tokenLines: 9,
};

export const PEER_JS: Contender = { name: 'peerjs', imports: ['peerjs'], app: `${CALL}/peer-js.ts`, tokenLines: 0 };

export const SOCKET_IO: Contender = {
  name: 'socket.io-client',
  imports: ['socket.io-client'],
  app: `${CALL}/socket-io.ts`,
  tokenLines: 0,
  server: `${CALL}/socket-io-relay.ts`,
};

const STREAM: Contender = {
  name: '@stream-io/video-client',
  imports: ['@stream-io/video-client'],
  app: `${CALL}/stream.ts`,
  tokenLines: 4,
};

export const CONTENDERS: readonly Contender[] = [CARILLON, PEER_JS, SOCKET_IO, STREAM];
