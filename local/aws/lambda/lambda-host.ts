import type { Usage } from '../../lab/metering/usage.ts';
import type { Egress } from '../../lab/network/egress.ts';
import type { Processes } from '../processes.ts';
import type { FunctionSpec } from './function-spec.ts';
import type { RuntimeApi } from './runtime-api.ts';

/** What all functions share. */
export interface LambdaHost {
  readonly processes: Processes;
  readonly runtimeApi: RuntimeApi;
  /** Aborted when the stack stops: from then on no process is started. */
  readonly stopping: AbortSignal;
  /** What Lambda adds to the environment that the template declares, and what the local stack overrides in it. */
  environment(spec: FunctionSpec): Readonly<Record<string, string>>;
  /** Opens the way out of a process that is about to start. */
  openEgress(): Promise<Egress>;
  /** Where it is noted what the functions cost. */
  readonly usage: Pick<Usage, 'ofFunction'>;
  log(line: string): void;
}
