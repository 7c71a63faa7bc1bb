import { check, FUNCTION } from './check.ts';
import { page } from './platform.ts';

/** Listeners by the name of their event. */
type Listeners<Events> = { [Name in keyof Events]?: Set<(detail: Events[Name]) => void> };

/** Something that tells of events. */
export class Emitter<Events> {
  #listeners: Listeners<Events> = {};

  /** Calls `listener` at each event of this name, until the function that comes back is called. */
  on<Name extends keyof Events>(name: Name, listener: (detail: Events[Name]) => void): () => void {
    check('listener', listener, FUNCTION);
    this.#listeners[name] ??= new Set();
    this.#listeners[name]?.add(listener);
    this.heard(name);
    return () => this.off(name, listener);
  }

  /** The same for the next event alone. */
  once<Name extends keyof Events>(name: Name, listener: (detail: Events[Name]) => void): () => void {
    check('listener', listener, FUNCTION);
    const stop = this.on(name, (detail) => {
      stop();
      listener(detail);
    });
    return stop;
  }

  /** Takes a listener away. */
  off<Name extends keyof Events>(name: Name, listener: (detail: Events[Name]) => void): void {
    check('listener', listener, FUNCTION);
    this.#listeners[name]?.delete(listener);
  }

  /** Whether anybody listens to this event. */
  protected hears(name: keyof Events): boolean {
    return (this.#listeners[name]?.size ?? 0) > 0;
  }

  /** Is called when a listener was added. */
  protected heard(_name: keyof Events): void {}

  /** Tells all listeners. One that throws does not keep the others from hearing. */
  protected emit<Name extends keyof Events>(name: Name, detail: Events[Name]): void {
    for (const listener of [...(this.#listeners[name] ?? [])]) {
      try {
        listener(detail);
      } catch (error) {
        report(error);
      }
    }
  }

  /** Forgets all listeners. */
  protected silence(): void {
    this.#listeners = {};
  }
}

/** Shows an error of the app's own listener where the runtime shows uncaught errors, without throwing it. */
function report(error: unknown): void {
  const { reportError = console.error } = page();
  reportError(error);
}
