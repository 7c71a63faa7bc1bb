import { displayName } from '../template/display-name.ts';
import { InvocationError } from './invocation.ts';

/** What the functions of an account share. */
export interface Account {
  /** How many invocations may run at once, in all functions together. @default as many as there are */
  readonly limit: number | undefined;
  readonly running: number;
  /** The most that ran at once since the limit was last set. */
  readonly most: number;
  /** How many invocations of each function were throttled since then, by its name for people. */
  readonly throttled: Readonly<Record<string, number>>;
  /** Takes a place for an invocation, until the returned function is called. Throws a `Throttled` if there is none. */
  enter(functionName: string): () => void;
  /** Sets the limit, and counts anew. */
  setLimit(limit: number | undefined): void;
}

/** Lambda took no invocation because too many run already. */
export class Throttled extends InvocationError {
  constructor() {
    super('Rate Exceeded.', 'TooManyRequestsException');
  }
}

/** Opens an account that is not limited. */
export function openAccount(): Account {
  let limit: number | undefined;
  let running = 0;
  let most = 0;
  let throttled: Record<string, number> = {};
  return {
    get limit() {
      return limit;
    },
    get running() {
      return running;
    },
    get most() {
      return most;
    },
    get throttled() {
      return throttled;
    },
    enter(functionName) {
      if (limit !== undefined && running >= limit) {
        const name = displayName(functionName);
        throttled[name] = (throttled[name] ?? 0) + 1;
        throw new Throttled();
      }
      running += 1;
      most = Math.max(most, running);
      return () => {
        running -= 1;
      };
    },
    setLimit(next) {
      limit = next;
      most = running;
      throttled = {};
    },
  };
}
