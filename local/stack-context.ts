import type { Keys } from './aws/iam/keys.ts';
import type { InternalServer } from './aws/internal-server.ts';
import type { Processes } from './aws/processes.ts';
import type { LocalIssuer } from './issuer/issuer.ts';
import type { Delays } from './lab/delays/delays.ts';
import type { NoShares, ProcessorShares } from './lab/processors/control-groups.ts';
import type { PushFakes } from './push/push-fakes.ts';
import type { Settings } from './settings.ts';

/** What is already running when a template is brought up. */
export interface StackContext {
  readonly settings: Settings;
  /** A directory of this stack alone; it is removed when the stack stops. */
  readonly scratch: string;
  readonly processes: Processes;
  readonly internal: InternalServer;
  /** Only in the profile `aws`, as are the shares. */
  readonly delays: Delays | undefined;
  readonly shares: ProcessorShares | NoShares | undefined;
  readonly fakes: PushFakes;
  /** The built-in identity provider. */
  readonly issuer: LocalIssuer;
  readonly keys: Keys;
  readonly dynamodbUrl: string;
  /** The address of the public port. */
  readonly publicUrl: string;
  /** Aborted when the stack stops. */
  readonly stopping: AbortSignal;
  log(line: string): void;
}
