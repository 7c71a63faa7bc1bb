/** A path that leads to a WebSocket API; every other path leads to the HTTP API. */
export interface EdgeRoute {
  /** The path as a pattern of CloudFront. What a `*` at its end stands for is cut off. */
  readonly path: string;
  /** The stage of the WebSocket API, which is also the path at its own host. */
  readonly stage: string;
  /** Only requests with this parameter `transport` lead there, the others to the HTTP API. @default all of them */
  readonly transport?: 'websocket';
  /** The query parameter that tells the API what was cut off. A viewer's own parameter of that name is dropped. @default none */
  readonly query?:
    | { readonly name: string; readonly value: string }
    /** The cut-off rest of the path, percent-decoded once. If it does not fit the pattern, the request is refused with 400. */
    | { readonly name: string; readonly pattern: string };
}

/** The routes, by which the distribution's behaviours are made and which its function reads. The first that fits counts. */
export const EDGE_ROUTES: readonly EdgeRoute[] = [
  { path: '/ws', stage: 'ws' },
  {
    path: '/socket.io/*',
    stage: 'socketio',
    transport: 'websocket',
    query: { name: 'path', value: 'socket.io' },
  },
  {
    path: '/video-socket/*',
    stage: 'socketio',
    transport: 'websocket',
    query: { name: 'path', value: 'video-socket' },
  },
  { path: '/webrtc/ws/*', stage: 'rooms', query: { name: 'room_id', pattern: '^[A-Za-z0-9._-]{1,128}$' } },
];
