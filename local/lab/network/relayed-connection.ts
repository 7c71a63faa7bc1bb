import type { Socket } from 'node:net';

/** One connection through a relay. */
export interface RelayedConnection {
  /** The port from which the target sees this connection come. */
  readonly port: number | undefined;
  /** Whether it was cut. */
  readonly isCut: boolean;
  /** From now on the client hears nothing, neither data nor an end. What it has sent itself still leaves. */
  hold(): void;
  /** Passes on what has arrived meanwhile, data at once and ends after it. */
  release(): void;
  /** Loses the connection without a word: nothing passes any more in either direction, and neither end is told. */
  forget(): void;
  /** Ends the connection in order. */
  end(): void;
  /** Cuts the connection: the client gets an RST. */
  reset(): void;
}

type State = 'open' | 'held' | 'forgotten';

/** Passes everything on between a client and its target, as long as nobody holds or forgets the connection. */
export function relayConnection(client: Socket, upstream: Socket): RelayedConnection {
  let state: State = 'open';
  let untold: (() => void)[] = [];
  let isCut = false;
  pass(client, upstream, {
    isOpen: () => state !== 'forgotten',
    tell: (news) => state !== 'forgotten' && news(),
  });
  pass(upstream, client, {
    isOpen: () => state === 'open',
    tell: (news) => (state === 'held' ? untold.push(news) : state === 'open' && news()),
  });
  return {
    get port() {
      return upstream.localPort;
    },
    get isCut() {
      return isCut;
    },
    hold() {
      if (state === 'open') state = 'held';
      upstream.pause();
    },
    release() {
      if (state !== 'held') return;
      state = 'open';
      upstream.resume();
      // Passes on what has been read already before this call returns.
      upstream.read();
      for (const news of untold) news();
      untold = [];
    },
    forget() {
      state = 'forgotten';
      client.pause();
      upstream.pause();
    },
    end() {
      client.end();
      upstream.destroy();
    },
    reset() {
      isCut = true;
      client.resetAndDestroy();
      upstream.destroy();
    },
  };
}

interface Direction {
  isOpen(): boolean;
  /** Tells the other end of an end: at once, later or never. */
  tell(news: () => void): void;
}

function pass(from: Socket, to: Socket, { isOpen, tell }: Direction): void {
  from.on('data', (chunk) => {
    if (!to.write(chunk)) from.pause();
  });
  to.on('drain', () => isOpen() && from.resume());
  from.on('end', () => tell(() => to.end()));
  from.on('error', () => tell(() => to.resetAndDestroy()));
}
