import { setTimeout as wait } from 'node:timers/promises';
import { inject } from 'vitest';
import { dynamoPresenceStore } from '#adapters/dynamodb/presence-store.ts';
import { dynamoRoomStore } from '#adapters/dynamodb/room-store.ts';
import { dynamoTable } from '#adapters/dynamodb/table.ts';
import type { Room } from '#domain/room/room.ts';
import { type Clock, epochMs } from '#domain/time.ts';
import type { RoomJob } from '#ports/queues.ts';
import type { RoomEvent, RoomLink } from '#ports/room-link.ts';
import { enterRoom } from '#usecases/rooms/enter-room.ts';
import { evict as evictFrom } from '#usecases/rooms/evict.ts';
import { joinRoom } from '#usecases/rooms/join-room.ts';
import { keepRoomAlive } from '#usecases/rooms/keep-room-alive.ts';
import { leaveRoom } from '#usecases/rooms/leave-room.ts';
import { relayInRoom } from '#usecases/rooms/relay-in-room.ts';

const KEEP_ALIVE_MS = 480_000;

/** A device's socket, as a gateway has it. */
export interface RoomSocket {
  readonly connectionId: string;
  readonly userId: string;
  readonly heard: RoomEvent[];
  isOpen: boolean;
}

/** A room over the real store: sockets and queue are in memory, and `delay` says how long each step of them takes. */
export function playedRoom(roomId: string, delay: () => number, clock: Clock = () => epochMs(Date.now())) {
  const table = dynamoTable(inject('dynamodb').table, clock);
  const rooms = dynamoRoomStore(table);
  const sockets = new Map<string, RoomSocket>();
  const running = new Set<Promise<void>>();
  const keepAlives: Extract<RoomJob, { type: 'keep_alive' }>[] = [];
  const run = (work: () => Promise<void>): void => {
    const done: Promise<void> = wait(delay())
      .then(work)
      .finally(() => running.delete(done));
    running.add(done);
  };
  const link: RoomLink = {
    async send(connectionId, event) {
      await wait(delay());
      const socket = sockets.get(connectionId);
      if (!socket?.isOpen) return 'gone';
      socket.heard.push(event);
      return 'sent';
    },
    async close(connectionId) {
      const socket = sockets.get(connectionId);
      if (socket) socket.isOpen = false;
    },
  };
  const roomJobs = {
    async send(jobs: readonly RoomJob[]) {
      for (const job of jobs) {
        if (job.type === 'keep_alive') keepAlives.push(job);
        else run(() => (job.type === 'join' ? join(job, false) : evict(job)));
      }
    },
  };
  const deps = {
    rooms,
    presence: dynamoPresenceStore(table),
    link,
    clock,
    roomJobs,
    surplusJobs: { send: async () => undefined },
    keepAliveMs: KEEP_ALIVE_MS,
    wait: async (ms: number) => void (await wait(ms)),
  };
  const join = joinRoom(deps);
  const evict = evictFrom(deps);
  const enter = enterRoom(deps);
  const leave = leaveRoom(deps);
  const relay = relayInRoom(deps);
  const keepAlive = keepRoomAlive(deps);

  return {
    rooms,
    keepAlives,
    /** Connects a device; the socket opens a while after its place was taken. */
    async connect(connectionId: string, userId: string): Promise<RoomSocket | 'full'> {
      const socket = { connectionId, userId, heard: [], isOpen: false };
      sockets.set(connectionId, socket);
      const arrival = { connectionId, userId, username: userId.toUpperCase(), enteredAt: clock() };
      const entry = await enter(roomId, arrival, { kind: 'login' });
      if (entry === 'full') return 'full';
      await wait(delay());
      socket.isOpen = true;
      return socket;
    },
    /** Closes a socket; `$disconnect` comes a while later. */
    close(socket: RoomSocket): void {
      socket.isOpen = false;
      run(() => leave({ roomId, connectionId: socket.connectionId }));
    },
    /** Loses a socket without anybody being told. */
    lose(socket: RoomSocket): void {
      socket.isOpen = false;
    },
    send: (socket: RoomSocket, payload: Readonly<Record<string, unknown>>, target?: string): Promise<void> =>
      relay({ roomId, ...socket, target, signal: { type: 'offer', payload } }),
    /** Runs `work` beside everything else. */
    run,
    /** Runs the keep-alive that is due. */
    async keepAlive(): Promise<void> {
      const job = keepAlives.pop();
      if (job) await keepAlive(job, false);
    },
    join,
    evict,
    find: (): Promise<Room | undefined> => rooms.find(roomId),
    /** Waits until nothing happens any more. */
    async quiet(): Promise<void> {
      while (running.size > 0) await Promise.all(running);
    },
  };
}
