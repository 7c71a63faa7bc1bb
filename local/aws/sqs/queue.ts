import { type Message, type NewMessage, newMessage } from './message.ts';
import type { QueueSpec } from './queue-spec.ts';

/** What a real queue does now and then, switched on by tests. */
export interface Disorder {
  /** Every message is delivered twice. */
  duplicate: boolean;
  /** Messages arrive out of order. */
  shuffle: boolean;
}

/** A standard queue: it delivers at least once and guarantees no order. */
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

/** The longest delay of a shuffled message or a second delivery. */
const DISORDER_MS = 300;

/** Opens an empty queue. `deadLetters` finds the queue for messages that were received too often. */
export function openQueue(spec: QueueSpec, disorder: Disorder, deadLetters: () => Queue | undefined): Queue {
  const visible: Message[] = [];
  const delayed = new Set<Message>();
  const inFlight = new Map<Message, NodeJS.Timeout>();
  const listeners = new Set<() => void>();

  function show(message: Message): void {
    visible.push(message);
    for (const listener of listeners) setImmediate(listener);
  }

  function showAfter(message: Message, delayMs: number): void {
    if (delayMs <= 0) {
      show(message);
      return;
    }
    delayed.add(message);
    setTimeout(() => {
      delayed.delete(message);
      show(message);
    }, delayMs).unref();
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
    deadLetters()?.send(message);
  }

  function release(message: Message): void {
    clearTimeout(inFlight.get(message));
    inFlight.delete(message);
    // It may have become visible again while its function was still running.
    if (visible.includes(message)) visible.splice(visible.indexOf(message), 1);
  }

  return {
    spec,
    send(content, delayS = spec.delayS) {
      const message = newMessage(content);
      const late = disorder.shuffle ? Math.random() * DISORDER_MS : 0;
      showAfter(message, delayS * 1000 + late);
      if (disorder.duplicate) showAfter({ ...message }, delayS * 1000 + late + 1 + Math.random() * DISORDER_MS);
      return message;
    },
    receive(most) {
      const batch: Message[] = [];
      while (batch.length < most) {
        const message = visible.shift();
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
      in_flight: inFlight.size,
      delayed: delayed.size,
      bodies: visible.map(({ body }) => body),
    }),
  };
}
