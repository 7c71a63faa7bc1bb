import type { TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Stage } from '../stage.ts';
import type { HttpApi } from './http-api.ts';
import type { WebSocketApi } from './websocket-api.ts';
import type { WorkQueue } from './work-queue.ts';

/** The functions by their names in the stack. */
export const FUNCTIONS = ['Http', 'Connection', 'Command', 'Signal', 'RingWorker', 'DeadlineWorker'] as const;

export type FunctionName = (typeof FUNCTIONS)[number];

/** What alarms and the dashboard look at. */
export interface Watched {
  readonly stage: Stage;
  readonly functions: Readonly<Record<FunctionName, IFunction>>;
  readonly queues: Readonly<Record<'rings' | 'deadlines' | 'hellos', WorkQueue>>;
  readonly rest: HttpApi;
  readonly sockets: WebSocketApi;
  readonly table: TableV2;
}
