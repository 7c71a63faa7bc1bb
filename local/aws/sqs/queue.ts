import { type Message, type NewMessage, newMessage } from './message.ts';
import type { QueueSpec } from './queue-spec.ts';

/** What a real queue does now and then, switched on by tests. */
export interface Disorder {
  /** Every message is delivered twice. */
  duplicate: boolean;
  /** Messages arrive out of order. */
  shuffle: boolean;
}

/** A standard queue: it delivers at least once and guarantees no order. Or one with groups: of each, one batch at a time is out, in order. */
export interface Queue {
  readonly spec: QueueSpec;
  send(message: NewMessage, delayS?: number): Message;
  /** Takes up to `most` messages. Unless they are deleted, they return when their visibility timeout ends. */
  receive(most: number): Message[];
  delete(message: Message): void;
  /** Moves a message to the dead-letter queue. */
  deadLetter(message: Message): void;
  /** Calls `callback` whenever there may be something to receive, until the returned function is called. */
  onAvailable(callback: () => void): () => void;
  state(): QueueState;
}

/** What a queue holds. */
export interface QueueState {
  readonly visible: number;
  readonly in_flight: number;
  readonly delayed: number;
  readonly bodies: readonly string[];
}

/** For how long a queue with groups remembers the ids of what was sent. */
const DEDUPLICATION_MS = 300_000;

/** The longest delay of a shuffled message or a second delivery. */
const DISORDER_MS = 300;

/** Opens an empty queue. `deadLetters` finds the queue for messages that were received too often, `hopMs` says how long a message is on its way. */
export function openQueue(
  spec: QueueSpec,
  disorder: Disorder,
  deadLetters: () => Queue | undefined,
  hopMs?: () => number,
): Queue {
  const visible: Message[] = [];
  const delayed = new Set<Message>();
  const onTheirWay = new Set<Message>();
  const inFlight = new Map<Message, NodeJS.Timeout>();
  const listeners = new Set<() => void>();
  const sentLately = new Map<string, Message>();

  function show(message: Message): void {
    // What comes back stands before what was sent to its group after it.
    const behind = spec.fifo ? visible.findIndex(({ group }) => group === message.group) : -1;
    if (message.receiveCount > 0 && behind >= 0) visible.splice(behind, 0, message);
    else visible.push(message);
    tell();
  }

  function tell(): void {
    for (const listener of listeners) setImmediate(listener);
  }

  /** The next message to be received: the first one whose group is not out. */
  function next(out: ReadonlySet<string | undefined>): Message | undefined {
    const place = spec.fifo ? visible.findIndex(({ group }) => !out.has(group)) : 0;
    return place < 0 ? undefined : visible.splice(place, 1)[0];
  }

  /** Shows a message when it is due and has come. */
  function showAfter(message: Message, delayMs: number): void {
    keepIn(delayed, message, delayMs, () => keepIn(onTheirWay, message, hopMs?.() ?? 0, () => show(message)));
  }

  function keepIn(place: Set<Message>, message: Message, ms: number, then: () => void): void {
    if (ms <= 0) {
      then();
      return;
    }
    place.add(message);
    setTimeout(() => {
      place.delete(message);
      then();
    }, ms).unref();
  }

  function tooOften(message: Message): boolean {
    return spec.redrive !== undefined && message.receiveCount >= spec.redrive.maxReceiveCount;
  }

  function take(message: Message): void {
    message.receiveCount += 1;
    message.firstReceivedAt ??= Date.now();
    const comeBack = () => {
      inFlight.delete(message);
      show(message);
    };
    inFlight.set(message, setTimeout(comeBack, spec.visibilityMs).unref());
  }

  function deadLetter(message: Message): void {
    release(message);
    // Whoever sent it may not mean another one of its id by this one.
    const { deduplicationId: _, ...content } = message;
    deadLetters()?.send(content);
  }

  function release(message: Message): void {
    clearTimeout(inFlight.get(message));
    inFlight.delete(message);
    // It may have become visible again while its function was still running.
    if (visible.includes(message)) visible.splice(visible.indexOf(message), 1);
    // Its group may be waiting for it.
    if (spec.fifo) tell();
  }

  return {
    spec,
    send(content, delayS = spec.delayS) {
      const { deduplicationId } = content;
      const twin = deduplicationId === undefined ? undefined : sentLately.get(deduplicationId);
      if (twin) return twin;
      const message = newMessage(content);
      if (deduplicationId !== undefined) {
        sentLately.set(deduplicationId, message);
        setTimeout(() => sentLately.delete(deduplicationId), DEDUPLICATION_MS).unref();
      }
      const late = disorder.shuffle && !spec.fifo ? Math.random() * DISORDER_MS : 0;
      showAfter(message, delayS * 1000 + late);
      if (disorder.duplicate && !spec.fifo)
        showAfter({ ...message }, delayS * 1000 + late + 1 + Math.random() * DISORDER_MS);
      return message;
    },
    receive(most) {
      const batch: Message[] = [];
      const out = new Set([...inFlight.keys()].map(({ group }) => group));
      while (batch.length < most) {
        const message = next(out);
        if (!message) break;
        if (tooOften(message)) {
          deadLetter(message);
          continue;
        }
        take(message);
        batch.push(message);
      }
      return batch;
    },
    delete: release,
    deadLetter,
    onAvailable(callback) {
      listeners.add(callback);
      return () => listeners.delete(callback);
    },
    state: () => ({
      visible: visible.length,
      in_flight: inFlight.size + onTheirWay.size,
      delayed: delayed.size,
      bodies: visible.map(({ body }) => body),
    }),
  };
}
