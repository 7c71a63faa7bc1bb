/** That a handler was killed: everything that it still awaited is nobody's any more. */
export class Killed extends Error {}

/** One handler, or one client, while it runs. */
export interface Process {
  readonly name: string;
  /** How many of its port calls have been made. */
  steps: number;
  /** It is killed when this many have been made, before it hears how the last one went. */
  readonly killAt: number | undefined;
  dead: boolean;
  kill(): void;
}

export type Outcome<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: unknown };

interface Step {
  readonly process: Process;
  readonly run: () => Promise<void>;
}

/** Runs handlers side by side, one port call at a time, in an order that `choose` decides: it picks one of `count`. */
export interface Stepper {
  start<T>(name: string, body: (process: Process) => Promise<T>, killAt?: number): Promise<Outcome<T>>;
  /** One port call of a process: it is made when its turn comes. */
  gate<T>(process: Process, work: () => Promise<T> | T): Promise<T>;
  /** Makes one step; false where there was none to make. */
  step(): Promise<boolean>;
}

/** A stepper; `trace` hears of every step. */
export function stepper(choose: (count: number) => number, trace: (line: string) => void): Stepper {
  const waiting: Step[] = [];

  /** Between two port calls a handler only computes: after a turn of the event loop everybody waits or has ended. */
  const settled = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve));

  return {
    start(name, body, killAt) {
      let reject: (error: Error) => void = () => undefined;
      const killed = new Promise<never>((_, no) => {
        reject = no;
      });
      const process: Process = {
        name,
        steps: 0,
        killAt,
        dead: false,
        kill() {
          process.dead = true;
          trace(`${name} is killed`);
          for (let i = waiting.length - 1; i >= 0; i -= 1) if (waiting[i]?.process === process) waiting.splice(i, 1);
          reject(new Killed(name));
        },
      };
      if (killAt === 0) process.kill();
      return Promise.race([killed, process.dead ? killed : body(process)]).then(
        (value) => ({ ok: true as const, value }),
        (error: unknown) => ({ ok: false as const, error }),
      );
    },

    gate: (process, work) =>
      new Promise((resolve, reject) => {
        if (process.dead) return;
        const run = async (): Promise<void> => {
          const done = await Promise.resolve()
            .then(work)
            .then(
              (value) => () => resolve(value),
              (error: unknown) => () => reject(error),
            );
          process.steps += 1;
          if (process.steps === process.killAt) process.kill();
          else done();
        };
        waiting.push({ process, run });
      }),

    async step() {
      await settled();
      if (waiting.length === 0) return false;
      const [next] = waiting.splice(choose(waiting.length), 1);
      await next?.run();
      await settled();
      return true;
    },
  };
}
