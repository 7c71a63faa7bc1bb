import '#kit/entry/uncompiled-parsers.ts';
import { httpHandler } from '#kit/http/http-handler.ts';
import { httpUseCases } from '#kit/wiring/wiring.ts';
import { callRoutes } from './calls.ts';
import { deviceRoutes } from './devices.ts';
import { operatorRoutes } from './operators.ts';
import { protectionRoutes } from './protection.ts';
import { serviceRoutes } from './service.ts';
import { sessionRoutes } from './sessions.ts';
import { signalRoutes } from './signals.ts';
import { userRoutes } from './users.ts';

/** The REST API: one function, one table of routes. */
export const handler = httpHandler({
  cameThroughEdge: () => httpUseCases().cameThroughEdge,
  routes: () => [
    ...callRoutes(),
    ...signalRoutes(),
    ...deviceRoutes(),
    ...sessionRoutes(),
    ...userRoutes(),
    ...protectionRoutes(),
    ...operatorRoutes(),
    ...serviceRoutes(),
  ],
  early: httpUseCases,
});
