import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { HttpAnswer } from '../gateway/http-event.ts';
import { answerUpgrade, type HttpHost, type HttpHosts } from '../gateway/http-host.ts';
import type { Behaviour, DistributionSpec, Origin } from './distribution-spec.ts';
import { fitsPattern } from './path-pattern.ts';
import { applyRequest, setHeaders, type ViewerResponse, viewerEvent } from './viewer-event.ts';
import { type ViewerFunction, viewerFunction } from './viewer-function.ts';

export interface DistributionOptions {
  /** How long the origin of a WebSocket may send nothing before the connection is cut, in ms. */
  readonly originIdleMs: number;
  log(line: string): void;
}

/** Where a request goes, or the answer that it gets without an origin. */
type Decision = { readonly host: HttpHost } | { readonly answer: HttpAnswer };

/** Serves requests as the distribution of the template does. It caches nothing. */
export function distribution(spec: DistributionSpec, hosts: HttpHosts, options: DistributionOptions): HttpHost {
  const behaviours = spec.behaviours.map((of) => prepared(of, spec));

  /** Runs the behaviour's function, and changes the request into the one that its origin gets. */
  function decide(request: IncomingMessage, { methods, origin, run }: Prepared): Decision {
    if (!methods.includes(request.method ?? '')) return ownAnswer(403, 'the method is not allowed');
    if (!run) return forward(request, origin);
    const event = viewerEvent(request);
    const before = structuredClone(event.request);
    try {
      const outcome = run(event, origin);
      if (outcome.kind === 'response') return { answer: functionAnswer(outcome.response) };
      applyRequest(request, before, outcome.request);
      return forward(request, outcome.origin);
    } catch (error) {
      options.log(`cloudfront function: ${error instanceof Error ? error.stack : error}`);
      return ownAnswer(503, 'the function failed');
    }
  }

  function forward(request: IncomingMessage, { domainName, path, headers }: Origin): Decision {
    const host = hosts.get(domainName);
    if (!host) return ownAnswer(502, `nothing is at ${domainName}`);
    request.url = path + request.url;
    const own = Object.entries({ ...headers, host: domainName }).map(([name, value]): [string, string[]] => [
      name,
      [value],
    ]);
    setHeaders(request, { ...request.headersDistinct, ...Object.fromEntries(own) });
    return { host };
  }

  return {
    async answer(request) {
      const behaviour = behaviourOf(behaviours, request);
      const decision = decide(request, behaviour);
      const { status, headers, body } = 'host' in decision ? await decision.host.answer(request) : decision.answer;
      return { status, headers: { ...headers, ...behaviour.responseHeaders }, body };
    },
    async upgrade(request, socket, head) {
      const decision = decide(request, behaviourOf(behaviours, request));
      if ('answer' in decision) return answerUpgrade(socket, decision.answer);
      cutIdle(socket, options.originIdleMs);
      await decision.host.upgrade(request, socket, head);
    },
  };
}

/** A behaviour with its function and its origin. */
interface Prepared extends Behaviour {
  readonly origin: Origin;
  readonly run: ViewerFunction | undefined;
}

function prepared(of: Behaviour, { origins }: DistributionSpec): Prepared {
  const origin = origins.get(of.originId);
  if (!origin) throw new Error(`the distribution has no origin ${of.originId}`);
  const { viewerRequest: code } = of;
  return { ...of, origin, run: code === undefined ? undefined : viewerFunction(code, origins) };
}

/** Patterns are compared with the normalized path; function and origin get it as it was sent. */
function behaviourOf(behaviours: readonly Prepared[], { url = '/' }: IncomingMessage): Prepared {
  const { pathname } = new URL(`http://edge${url.startsWith('/') ? url : '/'}`);
  const found = behaviours.find(({ pattern }) => fitsPattern(pattern, pathname));
  if (!found) throw new Error(`no behaviour fits ${pathname}`);
  return found;
}

/** Cuts a connection on which the origin has sent nothing for `idleMs`. What the viewer sends does not count. */
function cutIdle(socket: Duplex, idleMs: number): void {
  const timer = setTimeout(() => socket.destroy(), idleMs);
  const write = socket.write.bind(socket);
  const noticed = (...sent: unknown[]): boolean => {
    timer.refresh();
    return Reflect.apply(write, socket, sent);
  };
  Object.assign(socket, { write: noticed });
  socket.once('close', () => clearTimeout(timer));
}

const ownAnswer = (status: number, reason: string): Decision => ({
  answer: { status, headers: { 'content-type': 'text/plain', 'x-cache': 'Error from cloudfront' }, body: reason },
});

function functionAnswer({ statusCode, headers, body }: ViewerResponse): HttpAnswer {
  const content =
    typeof body === 'string' ? body : Buffer.from(body.data, body.encoding === 'text' ? 'utf8' : 'base64');
  return {
    status: statusCode,
    headers: Object.fromEntries(Object.entries(headers).map(([name, { value }]) => [name, value])),
    body: content,
  };
}
