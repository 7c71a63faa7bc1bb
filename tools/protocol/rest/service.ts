import { connectAnswer, document, health, iceServerList, mintedToken, roomConfig } from '#wire/rest/answers.ts';
import { ALICE, AT, ICE_SERVERS, TOKEN } from '../samples.ts';
import { type Chapter, ok } from './described.ts';

/** Everything that is not about one device or call. */
export const service = {
  name: 'Service',
  description: 'Everything that is not about one device or call.',
  operations: {
    getHealth: {
      summary: 'Check that the service is up',
      answers: ok('It is up.', health, { status: 'ok', version: '0.1.0' }),
    },
    getOpenApi: {
      summary: 'Get this API as OpenAPI 3.1',
      answers: ok('The document.', document, { openapi: '3.1.0' }),
    },
    getAsyncApi: {
      summary: 'Get the WebSocket and the pushes as AsyncAPI 3.0',
      answers: ok('The document.', document, { asyncapi: '3.0.0' }),
    },
    mintToken: {
      summary: 'Make a login token for a user',
      description:
        'For the app’s own backend, which knows who has logged in. The local stack, and only that, lets anybody do it without a token.',
      examples: { 'a token for Alice': { userId: ALICE, name: 'Alice' } },
      answers: ok('A token, valid for 24 hours.', mintedToken, {
        apiKey: 'carillon',
        userId: ALICE,
        token: TOKEN,
        expiresAt: 1795170900,
      }),
    },
    connect: {
      summary: 'Ask where to open a WebSocket',
      description:
        'For clients of Stream Video’s kind: they check their token here before they open a WebSocket. Other clients know the address and need not ask.',
      answers: ok('The token is good.', connectAnswer, {
        me: { id: ALICE, name: 'Alice', online: false },
        connection: { url: 'wss://calls.example.com/ws' },
        ice_servers: ICE_SERVERS,
        server_time: AT,
      }),
    },
    listIceServers: {
      summary: 'List STUN and TURN servers',
      description:
        'TURN credentials are valid for one hour. A client that opens a WebSocket gets the same list in `user.connected`.',
      answers: ok('What an `RTCPeerConnection` takes.', iceServerList, { ice_servers: ICE_SERVERS }),
    },
    getRoomConfig: {
      summary: 'Get the settings of peer connections in a room',
      description: 'For clients that meet others in rooms. The ICE servers are those of `GET /api/v2/ice_servers`.',
      answers: ok('What an `RTCPeerConnection` is made with.', roomConfig, {
        ice_servers: ICE_SERVERS,
        ice_transport_policy: 'all',
        bundle_policy: 'balanced',
        rtcp_mux_policy: 'require',
      }),
    },
  },
} as const satisfies Chapter;
