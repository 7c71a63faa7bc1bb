import type { Socket } from 'node:net';

/** One connection through a relay. */
export interface RelayedConnection {
  /** The port of this connection as its target sees it. */
  readonly port: number | undefined;
  /** Whether it was cut. */
  readonly isCut: boolean;
  /** From now on the client receives nothing, neither data nor an end. What it sends still gets through. */
  hold(): void;
  /** Passes on what has arrived meanwhile: data at once, an end after it. */
  release(): void;
  /** Loses the connection silently: nothing passes in either direction any more, and neither end is told. */
  forget(): void;
  /** Ends the connection properly, with a FIN. */
  end(): void;
  /** Cuts the connection: the client gets an RST. */
  reset(): void;
}

type State = 'open' | 'held' | 'forgotten';

/** Forwards everything between a client and its target, until the connection is held or forgotten. */
export function relayConnection(client: Socket, upstream: Socket): RelayedConnection {
  let state: State = 'open';
  let pendingEnds: (() => void)[] = [];
  let isCut = false;
  pass(client, upstream, {
    isOpen: () => state !== 'forgotten',
    passEnd: (end) => state !== 'forgotten' && end(),
  });
  pass(upstream, client, {
    isOpen: () => state === 'open',
    passEnd: (end) => (state === 'held' ? pendingEnds.push(end) : state === 'open' && end()),
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
      // This passes on what has already been read, before the call returns.
      upstream.read();
      for (const end of pendingEnds) end();
      pendingEnds = [];
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
  /** Passes on the end of the connection: at once, later or never. */
  passEnd(end: () => void): void;
}

function pass(from: Socket, to: Socket, { isOpen, passEnd }: Direction): void {
  from.on('data', (chunk) => {
    if (!to.write(chunk)) from.pause();
  });
  to.on('drain', () => isOpen() && from.resume());
  from.on('end', () => passEnd(() => to.end()));
  from.on('error', () => passEnd(() => to.resetAndDestroy()));
}
