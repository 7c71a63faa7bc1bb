import { jsonOf } from './check.ts';
import { CarillonError, handled } from './errors.ts';
import { type Answered, type AnswerFrame, type Command, type Notice, readFrame, type ServerEvent } from './frames.ts';
import { newId } from './platform.ts';
import { refusalOf } from './refusal.ts';
import { later, soon } from './timers.ts';
import type { Timing } from './timing.ts';
import type { UserConnectedEvent } from './wire.ts';

/** Whether there is a connection; `reconnecting` if there was one before. */
export type LinkState = 'closed' | 'connecting' | 'connected' | 'reconnecting';

/** What a link needs. */
export interface LinkOptions {
  readonly timing: Timing;
  /** Opens a socket, with a token that should be good. */
  readonly open: () => Promise<WebSocket>;
  /** Says why a socket could not be opened, if it is no use to try again. */
  readonly diagnose: () => Promise<CarillonError | undefined>;
  readonly onEvent: (event: ServerEvent) => void;
  /** Is told the state, and why it is closed if the app did not close it. */
  readonly onState: (state: LinkState, error?: CarillonError) => void;
}

/** A command that waits for its answer. */
interface Asked {
  readonly text: string;
  /** Which of all frames sent it was. */
  sent: number;
  tries: number;
  unexpect: () => void;
  readonly settle: (answer: Answered | CarillonError) => void;
}

/** How many notices are kept until something proves that the server has got them. */
const KEPT = 200;
/** How often a command is sent again after an answer that says so. */
const RETRIES: Readonly<Record<string, number>> = { contended: 4, internal: 1 };
const RETRY_MS = 1000;

/** API Gateway closes the socket over which a longer frame comes. */
const MOST_BYTES = 32_768;
/** A UTF-16 code unit takes no more in UTF-8. */
const MOST_BYTES_OF_A_UNIT = 3;

/** A frame as text. Throws if it is none, or is so long that it would cost the connection. */
function textOf(frame: Command | Notice): string {
  const text = jsonOf(`${frame.type}:`, frame);
  if (text.length * MOST_BYTES_OF_A_UNIT <= MOST_BYTES) return text;
  const bytes = bytesOf(text);
  if (bytes <= MOST_BYTES) return text;
  const message = `${frame.type}: is ${bytes} bytes long, and ${MOST_BYTES} are allowed`;
  throw new CarillonError('payload_too_large', message, { status: 413 });
}

/** How many bytes a text takes in UTF-8. Older versions of React Native have no `TextEncoder`. */
function bytesOf(text: string): number {
  let bytes = 0;
  for (const char of text) {
    const code = char.codePointAt(0) ?? 0;
    bytes += 1 + Number(code >= 0x80) + Number(code >= 0x800) + Number(code >= 0x10000);
  }
  return bytes;
}

/** A connection that stays: over however many sockets, one after the other, events come and commands are answered. */
export class Link {
  readonly #options: LinkOptions;
  #state: LinkState = 'closed';
  /** The socket that the server has greeted last, and that is used. */
  #current: WebSocket | undefined;
  /** All sockets that are not closed, with what ends waiting for their greeting. */
  readonly #sockets = new Map<WebSocket, () => void>();
  /** The attempt to open another socket. */
  #attempt: object | undefined;
  #failures = 0;
  #lastError: CarillonError | undefined;
  readonly #asked = new Map<string, Asked>();
  #whenAnswered = (): void => {};
  readonly #starts: {
    readonly greeted: (hello: UserConnectedEvent) => void;
    readonly failed: (error: CarillonError) => void;
  }[] = [];
  /** Notices that may be lost with their socket. Their receivers know those that they have had already. */
  #unproven: { readonly text: string; readonly isPing: boolean; readonly sent: number }[] = [];
  #sent = 0;
  #pinged = 0;
  /** How many frames the current socket has brought. */
  #heard = 0;
  readonly #cancels = { ping: () => {}, renew: () => {}, pause: () => {} };

  constructor(options: LinkOptions) {
    this.#options = options;
  }

  get state(): LinkState {
    return this.#state;
  }

  /** Opens the first socket and waits for its greeting. */
  start(): Promise<UserConnectedEvent> {
    const started = new Promise<UserConnectedEvent>((resolve, reject) => {
      const done = soon(this.#options.timing.connect, () =>
        this.stop(this.#lastError ?? new CarillonError('offline', 'the server could not be reached')),
      );
      this.#starts.push({
        greeted: (hello) => {
          done();
          resolve(hello);
        },
        failed: (error) => {
          done();
          reject(error);
        },
      });
    });
    if (this.#state === 'closed') {
      this.#failures = 0;
      this.#lastError = undefined;
      this.#become('connecting');
      void this.#openAnother();
    }
    return handled(started);
  }

  /** Closes everything. Whoever waits for an answer gets this error. */
  stop(error: CarillonError, isApp = false): void {
    if (this.#state === 'closed') return;
    for (const cancel of Object.values(this.#cancels)) cancel();
    this.#attempt = undefined;
    this.#current = undefined;
    for (const socket of this.#sockets.keys()) this.#shut(socket);
    this.#unproven = [];
    for (const { settle } of [...this.#asked.values()]) settle(error);
    for (const { failed } of this.#starts.splice(0)) failed(error);
    this.#become('closed', isApp ? undefined : error);
  }

  /** Sends a command until it is answered, each time with the same id. */
  ask(command: Command): Promise<Answered> {
    const id = newId();
    const answered = new Promise<Answered>((resolve, reject) => {
      if (this.#state === 'closed') throw new CarillonError('closed', 'there is no connection: call connect() first');
      const text = textOf({ ...command, id });
      const giveUp = soon(this.#options.timing.answer, () => {
        const code = this.#current ? 'timeout' : 'offline';
        asked.settle(new CarillonError(code, `${command.type} was not answered in time`));
      });
      const asked: Asked = {
        text,
        sent: 0,
        tries: 0,
        unexpect: () => {},
        settle: (answer) => {
          giveUp();
          asked.unexpect();
          this.#asked.delete(id);
          if (this.#asked.size === 0) this.#whenAnswered();
          if (answer instanceof CarillonError) reject(answer);
          else resolve(answer);
        },
      };
      this.#asked.set(id, asked);
      this.#put(asked);
    });
    return handled(answered);
  }

  /** Calls `then` when no command waits for its answer. */
  whenAnswered(then: () => void): void {
    this.#whenAnswered = then;
    if (this.#asked.size === 0) then();
  }

  /** Sends something that is not answered. It is sent again if it may have been lost with its socket. */
  notify(notice: Notice): void {
    const text = textOf(notice);
    if (this.#state !== 'closed') this.#tell(text, notice.type === 'ping');
  }

  #tell(text: string, isPing: boolean): void {
    this.#sent += 1;
    this.#unproven.push({ text, isPing, sent: this.#sent });
    if (this.#unproven.length > KEPT) this.#unproven.shift();
    this.#write(text);
  }

  /** Makes sure that there is a living socket, since the page or the network has come back. */
  check(isNewNetwork: boolean): void {
    if (this.#state === 'closed') return;
    if (this.#current && !isNewNetwork) this.#ping();
    else {
      this.#failures = 0;
      void this.#openAnother();
    }
  }

  #become(state: LinkState, error?: CarillonError): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#options.onState(state, error);
  }

  /** Opens a socket, which takes the place of the current one when the server greets it. */
  async #openAnother(): Promise<void> {
    const attempt = {};
    this.#attempt = attempt;
    this.#cancels.pause();
    const isWanted = (): boolean => this.#attempt === attempt;
    try {
      await this.#greeting(await this.#options.open(), isWanted);
    } catch (error) {
      if (isWanted()) await this.#fail(error, isWanted);
    }
  }

  /** Waits until the server has greeted a socket; rejects if that does not happen. */
  #greeting(socket: WebSocket, isWanted: () => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const end = (code: 'offline' | 'timeout' = 'offline'): void => {
        this.#shut(socket);
        if (this.#current === socket) this.#lose();
        reject(new CarillonError(code, 'the server closed the socket, or cannot be reached'));
      };
      const tooLate = soon(this.#options.timing.open, () => end('timeout'));
      this.#sockets.set(socket, tooLate);
      if (!isWanted()) return end();
      socket.onclose = () => end();
      socket.onerror = () => end();
      socket.onmessage = ({ data }) => {
        if (socket === this.#current) this.#heard += 1;
        const frame = readFrame(data);
        if (frame?.type !== 'user.connected') return frame && this.#take(frame);
        tooLate();
        if (!isWanted()) return end();
        resolve();
        this.#use(socket, frame);
      };
    });
  }

  #take(frame: Exclude<ReturnType<typeof readFrame>, undefined>): void {
    if (frame.type === 'pong') this.#proved(this.#pinged);
    else if (frame.type === 'response' || frame.type === 'error') this.#answer(frame);
    else if (frame.type !== 'connection.replaced') this.#options.onEvent(frame);
    else this.stop(new CarillonError('connection_replaced', 'this user has opened too many connections'));
  }

  #answer(frame: AnswerFrame): void {
    const asked = this.#asked.get(String(frame.id));
    if (!asked) return;
    this.#proved(asked.sent);
    if (frame.type === 'response') {
      asked.settle(frame);
      return;
    }
    asked.tries += 1;
    asked.unexpect();
    if (asked.tries > (RETRIES[frame.error.code] ?? 0)) asked.settle(refusalOf(frame));
    else asked.unexpect = later(RETRY_MS * asked.tries * (0.5 + Math.random()), () => this.#put(asked));
  }

  /** What was sent before this has arrived. */
  #proved(sent: number): void {
    this.#unproven = this.#unproven.filter((one) => one.sent > sent);
  }

  #put(asked: Asked): void {
    this.#sent += 1;
    asked.sent = this.#sent;
    asked.unexpect();
    this.#write(asked.text);
    asked.unexpect = this.#expect(() => this.#put(asked));
  }

  #write(text: string): void {
    if (this.#current?.readyState === OPEN) this.#current.send(text);
  }

  /** Opens another socket if the current one stays silent, and otherwise does what was not answered again. */
  #expect(again: () => void): () => void {
    const [socket, heard] = [this.#current, this.#heard];
    return later(this.#options.timing.silence, () => {
      if (socket !== undefined && socket === this.#current && heard === this.#heard) void this.#openAnother();
      else again();
    });
  }

  #ping(): void {
    this.notify({ type: 'ping' });
    this.#pinged = this.#sent;
    this.#expect(() => {});
  }

  /** Uses a socket that has been greeted, in the place of the current one. */
  #use(socket: WebSocket, hello: UserConnectedEvent): void {
    const old = this.#current;
    this.#current = socket;
    this.#attempt = undefined;
    this.#failures = 0;
    if (old) later(this.#options.timing.linger, () => this.#shut(old));
    this.#keep();
    this.#options.onEvent(hello);
    const lost = this.#unproven.splice(0).filter(({ isPing }) => !isPing);
    for (const asked of this.#asked.values()) this.#put(asked);
    for (const { text, isPing } of lost) this.#tell(text, isPing);
    this.#become('connected');
    for (const { greeted } of this.#starts.splice(0)) greeted(hello);
  }

  /** Keeps the current socket alive, and replaces it before it becomes too old. */
  #keep(): void {
    const { timing } = this.#options;
    for (const cancel of Object.values(this.#cancels)) cancel();
    const pingLater = (): void => {
      this.#cancels.ping = later(timing.ping, () => {
        this.#ping();
        pingLater();
      });
    };
    pingLater();
    // Not all clients of a server that was started anew at once.
    this.#cancels.renew = later(timing.renew * (0.95 + Math.random() / 20), () => void this.#openAnother());
  }

  /** The current socket is gone. */
  #lose(): void {
    this.#current = undefined;
    if (this.#state === 'closed') return;
    for (const cancel of Object.values(this.#cancels)) cancel();
    this.#become('reconnecting');
    if (!this.#attempt) this.#openLater();
  }

  /** Pauses, longer after each failure and never as long as others. */
  #openLater(): void {
    const [first, longest] = this.#options.timing.pause;
    const most = Math.min(longest, first * 2 ** (this.#failures + 1));
    this.#cancels.pause();
    this.#cancels.pause = soon(first + Math.random() * (most - first), () => void this.#openAnother());
  }

  async #fail(error: unknown, isWanted: () => boolean): Promise<void> {
    this.#failures += 1;
    if (error instanceof CarillonError) this.#lastError = error;
    const fatal = isFatal(error) ? error : isRefusal(error) && (await this.#options.diagnose());
    if (!isWanted()) return;
    this.#attempt = undefined;
    if (fatal) this.stop(fatal);
    else this.#openLater();
  }

  /** Closes a socket and listens to it no more. */
  #shut(socket: WebSocket): void {
    this.#sockets.get(socket)?.();
    this.#sockets.delete(socket);
    socket.onmessage = null;
    socket.onclose = null;
    // In Node an error that nobody listens to would be an uncaught one.
    socket.onerror = () => {};
    socket.close();
  }
}

/** Errors that no further attempt mends. */
const isFatal = (error: unknown): error is CarillonError =>
  error instanceof CarillonError && ['invalid_argument', 'no_websocket', 'closed'].includes(error.code);

/** Whether the socket was closed rather than never opened: then somebody is there to ask why. */
const isRefusal = (error: unknown): boolean => error instanceof CarillonError && error.code === 'offline';

/** `WebSocket.OPEN`, which not every runtime has as a global. */
const OPEN = 1;
