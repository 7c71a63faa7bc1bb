import http2 from 'node:http2';
import { syncBuiltinESMExports } from 'node:module';
import tls from 'node:tls';

/** Redirects every TLS connection of this process to one of these hosts to a local port, so that libraries are used unchanged. */
export function bendNetwork(portOf: Readonly<Record<string, number>>): void {
  const connect = tls.connect.bind(tls);
  const bent = (...args: unknown[]): tls.TLSSocket => {
    const given = optionsOf(args);
    const port = portOf[String(given.host ?? given.servername)];
    const callback = args.findLast((arg) => typeof arg === 'function') as (() => void) | undefined;
    const options = port === undefined ? given : { ...given, host: 'localhost', servername: 'localhost', port };
    return connect(options, callback);
  };
  Object.assign(tls, { connect: bent });
  mendScheme();
  syncBuiltinESMExports();
}

/** firebase-admin writes the scheme of HTTP/2 as `https:`. Google accepts that, but Node's server, which the fakes use, does not. */
function mendScheme(): void {
  const connect = http2.connect.bind(http2);
  const mended = (...args: Parameters<typeof http2.connect>): http2.ClientHttp2Session => {
    const session = connect(...args);
    const request = session.request.bind(session);
    session.request = (headers, options) =>
      request(Object(headers)[':scheme'] === 'https:' ? { ...headers, ':scheme': 'https' } : headers, options);
    return session;
  };
  Object.assign(http2, { connect: mended });
}

/** `tls.connect` takes options, or a port, perhaps a host, and options. */
function optionsOf(args: readonly unknown[]): tls.ConnectionOptions {
  const options: tls.ConnectionOptions = Object.assign({}, ...args.filter((arg) => typeof arg === 'object'));
  const [port, host] = args;
  return {
    ...options,
    ...(typeof port === 'number' || typeof port === 'string' ? { port: Number(port) } : {}),
    ...(typeof host === 'string' && { host }),
  };
}
