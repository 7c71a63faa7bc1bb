// The parts of these packages that the benches use. The packages are installed when a bench first runs, so the types of
// the whole project cannot depend on them.

declare module 'node-pushnotifications' {
  interface Sent {
    readonly message: readonly { readonly regId: string; readonly errorMsg?: unknown }[];
  }

  // biome-ignore lint/style/noDefaultExport: that is what the library has
  export default class PushNotifications {
    constructor(settings: object);
    send(ids: readonly { readonly id: string; readonly type: string }[], data: object): Promise<readonly Sent[]>;
  }
}

declare module 'apns2' {
  export class ApnsClient {
    constructor(options: { team: string; keyId: string; signingKey: string; defaultTopic: string });
    send(note: Notification): Promise<unknown>;
  }

  export class Notification {
    constructor(token: string, options: { type: string; expiration: number; data: object });
  }

  export const Errors: { readonly badDeviceToken: string; readonly unregistered: string };
  export const PushType: { readonly voip: string };
}

declare module 'peer' {
  export function PeerServer(
    options: { host: string; port: number; path: string },
    listening: (http: import('node:http').Server) => void,
  ): void;
}

declare module 'socket.io' {
  interface Socket {
    readonly id: string;
    readonly handshake: { readonly auth: Readonly<Record<string, unknown>> };
    // biome-ignore lint/suspicious/noExplicitAny: each event has arguments of its own
    on(event: string, listener: (sent: any) => void): void; // oxlint-disable-line typescript/no-explicit-any -- see above
    join(room: string): void;
    to(room: string): { emit(event: string, content: object): void };
  }

  export class Server {
    constructor(http: import('node:http').Server, options: { transports: readonly string[] });
    on(event: 'connection', listener: (socket: Socket) => void): void;
    to(id: string): { emit(event: string, content: object): void };
  }
}
