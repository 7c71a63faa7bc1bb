import type { UserPrincipal } from '#domain/identity.ts';
import type { EpochMs } from '#domain/time.ts';
import type { VerifiedToken } from './tokens.ts';

/** Where clients of Socket.IO connect. */
export const SOCKET_PATHS = ['socket.io', 'video-socket'] as const;
export type SocketPath = (typeof SOCKET_PATHS)[number];

/** Somebody in a namespace: a user, or nobody yet where the dialect has a login of its own. */
export interface SocketMember {
  readonly user?: UserPrincipal;
  /** Whom the token speaks for that they came with, until that login. */
  readonly bearer?: UserPrincipal;
}

/** The session of one client of Socket.IO, over whatever carries its packets. */
export interface SocketSession {
  readonly sid: string;
  readonly path: SocketPath;
  readonly openedAt: EpochMs;
  /** Whether it began by polling. */
  readonly isPolled: boolean;
  /** Its WebSocket; absent until a client that began by polling has upgraded. */
  readonly socket?: string;
  /** Whether a client that polls has tried its WebSocket. */
  readonly isProbed?: boolean;
  readonly hardwareId?: string;
  readonly sessionId?: string;
  /** What the token of the handshake comes to, if it had one. */
  readonly bearer?: VerifiedToken;
  /** Who is in which namespace. */
  readonly members: Readonly<Record<string, SocketMember>>;
  /** Whether packets wait for a client that polls. */
  readonly hasPackets: boolean;
}

/** What becomes of packets for a session: they wait, or go to its WebSocket, or it is over. */
export type Queued = { readonly kind: 'queued' | 'gone' } | { readonly kind: 'upgraded'; readonly socket: string };

/** The sessions of clients of Socket.IO. They expire with the longest life of a WebSocket. */
export interface SocketSessions {
  open(session: Omit<SocketSession, 'members' | 'hasPackets'>): Promise<void>;
  /** The session of a client, in a strongly consistent read. */
  find(sid: string): Promise<SocketSession | undefined>;
  /** Remembers which session a new WebSocket wants to go on with. */
  attach(socket: string, sid: string): Promise<void>;
  /** The session of a WebSocket: its own, or the one that it goes on with. */
  ofSocket(socket: string): Promise<SocketSession | undefined>;
  /** Lets somebody into a namespace; false if the session is over or somebody is in it already. */
  join(sid: string, namespace: string, member: SocketMember): Promise<boolean>;
  /** Says who somebody in a namespace is; false if that was said before. */
  login(sid: string, namespace: string, user: UserPrincipal): Promise<boolean>;
  /** Takes somebody out of a namespace; false if the session is over: whoever closed it knows of them. */
  part(sid: string, namespace: string): Promise<boolean>;
  /** Forgets which session a WebSocket goes on with. */
  detach(socket: string): Promise<void>;
  /** Ends a session. What comes back is how it was: as it was known, if it is over already. */
  close(known: SocketSession): Promise<SocketSession>;
  /** Lets packets wait for a client that polls. */
  queue(sid: string, packets: readonly string[]): Promise<Queued>;
  /** Takes the packets that wait. */
  take(sid: string): Promise<readonly string[]>;
  /** Notes that a client that polls tries its WebSocket. */
  probe(sid: string): Promise<void>;
  /** From now on packets go to the WebSocket; false if some still wait. */
  upgrade(sid: string, socket: string): Promise<boolean>;
}
