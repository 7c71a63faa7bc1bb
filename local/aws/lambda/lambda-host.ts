import type { Usage } from '../../lab/metering/usage.ts';
import type { Egress } from '../../lab/network/egress.ts';
import type { Processes } from '../processes.ts';
import type { Account } from './account.ts';
import type { FunctionSpec } from './function-spec.ts';

/** What all functions have in common. */
export interface LambdaHost {
  readonly processes: Processes;
  /** Aborted when the stack stops. After that no process is started. */
  readonly stopping: AbortSignal;
  /** The variables that Lambda and the local stack add to the environment in the template, or change in it. */
  environment(spec: FunctionSpec): Readonly<Record<string, string>>;
  /** Opens the outbound connections of a process that is about to start. */
  openEgress(): Promise<Egress>;
  /** Gives a process that has initialised the processor share of its memory; call what is returned once it has ended. @default the whole machine */
  limitProcessor?(pid: number, memoryMb: number): () => void;
  /** Whose limit the functions share. */
  readonly account: Pick<Account, 'enter'>;
  /** Records what the functions would cost. */
  readonly usage: Pick<Usage, 'ofFunction'>;
  log(line: string): void;
}
