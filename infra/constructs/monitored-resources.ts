import type { UsedTable } from '../stacks/state-stack.ts';
import type { Stage } from '../stage.ts';
import type { BackendEvents } from './backend-events.ts';
import type { HttpApi } from './http-api.ts';
import type { ServiceFunctions } from './service-functions.ts';
import type { WebSocketApi } from './websocket-api.ts';
import type { WorkQueues } from './work-queues.ts';

/** What the alarms and the dashboard read metrics of. */
export interface MonitoredResources {
  readonly stage: Stage;
  readonly functions: ServiceFunctions;
  readonly queues: WorkQueues;
  readonly rest: HttpApi;
  readonly sockets: WebSocketApi;
  readonly socketIo: WebSocketApi;
  readonly rooms: WebSocketApi;
  readonly table: UsedTable;
  /** Absent if the stage has no events. */
  readonly backend: BackendEvents | undefined;
}
