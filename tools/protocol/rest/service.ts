import { document, health, iceServerList, mintedToken } from '#wire/rest/answers.ts';
import { ALICE, ICE_SERVERS, TOKEN } from '../samples.ts';
import type { Chapter } from './described.ts';

/** What is not about a device or a call. */
export const service = {
  name: 'Service',
  description: 'What is not about a device or a call.',
  operations: {
    getHealth: {
      summary: 'Whether the service is up',
      answers: { 200: { description: 'It is.', schema: health, example: { status: 'ok', version: '0.1.0' } } },
    },
    getOpenApi: {
      summary: 'This API as OpenAPI 3.1',
      answers: { 200: { description: 'The document.', schema: document, example: { openapi: '3.1.0' } } },
    },
    getAsyncApi: {
      summary: 'The WebSocket and the pushes as AsyncAPI 3.0',
      answers: { 200: { description: 'The document.', schema: document, example: { asyncapi: '3.0.0' } } },
    },
    mintToken: {
      summary: 'Make a login token for a user',
      description:
        'For the app’s own backend, which knows who has logged in. Only the local stack lets anyone do it, without a token.',
      examples: { 'a token for Alice': { userId: ALICE, name: 'Alice' } },
      answers: {
        200: {
          description: 'A token, good for 24 hours.',
          schema: mintedToken,
          example: { apiKey: 'carillon', userId: ALICE, token: TOKEN, expiresAt: 1795170900 },
        },
      },
    },
    listIceServers: {
      summary: 'STUN and TURN servers',
      description:
        'TURN credentials are good for one hour. `user.connected` brings the same to a client that opens a WebSocket.',
      answers: {
        200: {
          description: 'What an `RTCPeerConnection` takes.',
          schema: iceServerList,
          example: { ice_servers: ICE_SERVERS },
        },
      },
    },
  },
} as const satisfies Chapter;
