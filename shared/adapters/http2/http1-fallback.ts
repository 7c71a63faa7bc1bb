import { Agent, request as open } from 'node:https';
import { setImmediate as yieldToIo } from 'node:timers/promises';
import { MAX_TEXT, type Request, type Sent } from './exchange.ts';

/** OpenSSL's error code if the other side does not speak HTTP/2. */
export const NO_HTTP2 = 'ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL';

/** Sends over HTTP/1.1, on a new connection, because an idle one cannot prove that it is alive. */
export const sendOverHttp1 = (origin: string, { path, headers, body }: Request, timeoutMs: number): Promise<Sent> =>
  new Promise((resolve) => {
    const options = { method: 'POST', headers, agent: new Agent({ keepAlive: false }) };
    const sent = open(new URL(path, origin), options, (response) => {
      // What has come of an answer counts, as over HTTP/2.
      giveUp = () => response.destroy();
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (part: string) => {
        if (text.length < MAX_TEXT) text += part;
      });
      response.on('close', () =>
        resolve({ kind: 'answered', status: response.statusCode ?? 0, headers: response.headers, text }),
      );
    });
    let giveUp = (): unknown => sent.destroy(new Error('timeout'));
    // After a freeze, a timer fires before the data that arrived meanwhile is read.
    const limit = setTimeout(() => void yieldToIo().then(() => giveUp()), timeoutMs);
    sent.on('close', () => clearTimeout(limit));
    sent.on('error', ({ code, message }: NodeJS.ErrnoException) =>
      resolve({ kind: 'unanswered', reason: code ?? message }),
    );
    sent.end(body);
  });
