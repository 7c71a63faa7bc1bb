import { randomUUID } from 'node:crypto';
import { deleteApp, initializeApp } from 'firebase-admin/app';
import { getMessaging, type Message, type Messaging } from 'firebase-admin/messaging';
import type { Granted } from './account.ts';
import { agentTo } from './endpoint-agent.ts';
import type { FcmMessage } from './message.ts';

// A file of its own in the ring function, loaded only if a provider asks for it: it imports none of our code that the rest needs, too.

/** What the library is told of a provider. */
export interface FirebaseApp {
  readonly projectId: string;
  /** Where its access tokens come from. The library keeps them and renews them. */
  readonly grant: () => Promise<Granted>;
  /** `https://host:port` to use instead of Google's own hosts. */
  readonly endpoint?: string | undefined;
  /** How long FCM may take to answer. */
  readonly timeoutMs: number;
}

/** What FCM answered. With `status` 0 it did not, and `reason` is the library's code for that. */
export interface LibraryAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly data?: unknown;
  readonly reason?: string;
}

/** One Firebase project in the library. */
export interface FirebaseClient {
  /** Sends a message once, and throws what `grant` throws. If it is `validateOnly`, FCM delivers nothing. */
  send(message: FcmMessage, validateOnly: boolean): Promise<LibraryAnswer>;
  close(): void;
}

const SECOND_MS = 1000;

/** Opens a project. */
export function openFirebase({ projectId, grant, endpoint, timeoutMs }: FirebaseApp): FirebaseClient {
  const agent = agentTo(endpoint);
  /** Why there was no token. The library keeps only the words. */
  let refusal: unknown;
  const getAccessToken = (): Promise<Granted> =>
    grant().catch((error: unknown) => {
      refusal = error;
      throw error;
    });
  const app = initializeApp({ projectId, httpAgent: agent, credential: { getAccessToken } }, randomUUID());
  const messaging = getMessaging(app);
  answerAsItIs(messaging, timeoutMs);
  return {
    async send(message, validateOnly) {
      try {
        return { status: 200, data: { name: await messaging.send(ofLibrary(message), validateOnly) } };
      } catch (error) {
        if (error instanceof Answered) return error.answer;
        const reason = String(Object(error).code ?? 'unknown');
        if (reason === 'app/invalid-credential' && refusal !== undefined) throw refusal;
        return { status: 0, reason };
      }
    },
    close() {
      agent.destroy();
      void deleteApp(app);
    },
  };
}

/** The library writes the seconds and the names of FCM by itself. */
const ofLibrary = ({ token = '', fid, data, android }: FcmMessage): Message => ({
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the library passes on a fid, which its types do not have yet
  ...((fid === undefined ? { token } : { fid }) as { token: string }),
  data: { ...data },
  android: {
    priority: android.priority,
    ttl: Number.parseInt(android.ttl, 10) * SECOND_MS,
    directBootOk: android.direct_boot_ok,
  },
});

/** FCM refused a message. */
class Answered extends Error {
  readonly answer: LibraryAnswer;

  constructor(answer: LibraryAnswer) {
    super('FCM refused a message');
    this.answer = answer;
  }
}

/**
 * Makes the library send a message once, for as long as an attempt may take, and show the answer. By itself it repeats
 * a message for seven seconds, whatever has become of the ring, waits for 15 s each time, and has one error code for a
 * dead token and for a project that does not exist. It has no public switch for any of that.
 */
function answerAsItIs(messaging: Messaging, timeoutMs: number): void {
  const client: unknown = Reflect.get(Object(Reflect.get(messaging, 'messagingRequestHandler')), 'httpClient');
  const send: unknown = Reflect.get(Object(client), 'send');
  if (!(client instanceof Object) || !('retry' in client) || typeof send !== 'function')
    throw new Error('this version of firebase-admin hides how it sends');
  Reflect.set(client, 'retry', undefined);
  Reflect.set(client, 'send', async (request: object) => {
    try {
      return await send.call(client, { ...request, timeout: timeoutMs });
    } catch (error) {
      const { status, headers, text } = Object(Object(error).response);
      if (typeof status !== 'number') throw error;
      throw new Answered({ status, headers: Object(headers), data: dataOf(String(text)) });
    }
  });
}

function dataOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
