import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Alarms } from '../constructs/alarms.ts';
import { addApiAlarms } from '../constructs/api-alarms.ts';
import { BackendEvents } from '../constructs/backend-events.ts';
import { Canary } from '../constructs/canary.ts';
import { CostAlarm } from '../constructs/cost-alarm.ts';
import { Dashboard, dashboardName } from '../constructs/dashboard.ts';
import { addFunctionAlarms } from '../constructs/function-alarms.ts';
import { GatewayLogRole } from '../constructs/gateway-log-role.ts';
import { applyGrants } from '../constructs/grants.ts';
import { HttpApi } from '../constructs/http-api.ts';
import type { MonitoredResources } from '../constructs/monitored-resources.ts';
import { nativeRoutes } from '../constructs/native-routes.ts';
import { addPushAlarms } from '../constructs/push-alarms.ts';
import { addServiceFunctions } from '../constructs/service-functions.ts';
import { WebSocketApi } from '../constructs/websocket-api.ts';
import { addWorkQueues } from '../constructs/work-queues.ts';
import type { Stage } from '../stage.ts';
import type { StateStack } from './state-stack.ts';

export interface ServiceStackProps extends StackProps {
  readonly stage: Stage;
  readonly state: StateStack;
}

/** Functions, queues and APIs: everything that can be thrown away and deployed again. */
export class ServiceStack extends Stack {
  readonly rest: HttpApi;
  /** Every WebSocket API. Those that a route of the edge names by their stage are reached through it. */
  readonly webSocketApis: readonly WebSocketApi[];

  constructor(scope: Construct, id: string, { stage, state, ...props }: ServiceStackProps) {
    super(scope, id, { description: 'Carillon: functions, queues and APIs', ...props });
    const { corsOrigins, frameLogs, logRetentionDays: logRetention } = stage;
    const logs = { logRetention, frameLogs };
    const alarms = new Alarms(this, 'Alarms', {
      emails: { page: stage.pageEmail, ticket: stage.ticketEmail },
      dashboard: (region) => dashboardName(stage, region),
    });
    const sockets = new WebSocketApi(this, 'WebSocket', { stageName: 'ws', description: 'Carillon /ws', ...logs });
    const socketIo = new WebSocketApi(this, 'SocketIoApi', {
      stageName: 'socketio',
      description: 'Carillon for clients of Socket.IO',
      ...logs,
    });
    const rooms = new WebSocketApi(this, 'RoomSocket', {
      stageName: 'rooms',
      description: 'Carillon rooms',
      ...logs,
    });
    const queues = addWorkQueues(this, alarms);
    const backend = this.#addBackendEvents(stage, state, alarms);
    const webhooks = backend?.deliveries.queue;
    const functions = addServiceFunctions(this, { stage, state, queues, webhooks, sockets, socketIo, rooms });
    applyGrants(functions, { state, queues, webhooks, webSocketApis: [sockets, socketIo], rooms });
    this.webSocketApis = [sockets, socketIo, rooms];
    sockets.route(nativeRoutes(functions));
    socketIo.route({ connection: functions.SocketIo, authorizes: false, frames: functions.SocketIo });
    rooms.route({ connection: functions.Room, frames: functions.Room });
    if (stage.setsGatewayLogRole) {
      const role = new GatewayLogRole(this, 'GatewayLogs');
      for (const api of this.webSocketApis) api.stage.node.addDependency(role);
    }
    this.rest = new HttpApi(this, 'Rest', {
      corsOrigins,
      handler: functions.Http,
      socketIo: functions.SocketIo,
      logRetention,
    });
    const monitored = {
      stage,
      functions,
      queues,
      rest: this.rest,
      sockets,
      socketIo,
      rooms,
      table: state.table,
      backend,
    };
    addPushAlarms(alarms, monitored);
    const symptoms = addApiAlarms(alarms, monitored);
    const watched = [...addFunctionAlarms(alarms, monitored), ...(backend?.watched ?? [])];
    if (stage.rollout === 'canary') new Canary(this, 'Canary', { functions: watched, symptoms });
    new Dashboard(this, 'Dashboard', monitored);
    const { monthlyBudgetUsd: perMonth, ticketEmail: email } = stage;
    if (perMonth !== undefined && email !== undefined) new CostAlarm(this, 'Costs', { perMonth, email });
    this.#addOutputs(state, monitored);
  }

  #addBackendEvents(
    stage: Stage,
    { table, bus, secrets: { webhooks } }: StateStack,
    alarms: Alarms,
  ): BackendEvents | undefined {
    if (!bus || !webhooks) return undefined;
    return new BackendEvents(this, 'BackendEvents', { stage, alarms, table, bus, webhooks });
  }

  /** Tells whoever deploys the stack, and the tools, where everything is. */
  #addOutputs({ table, secrets }: StateStack, { rest, sockets, backend, functions }: MonitoredResources): void {
    const outputs = {
      PushRole: {
        value: functions.RingWorker.role?.roleName ?? '',
        description: 'The role of the function that pushes, for Google to trust instead of a key',
      },
      HttpUrl: { value: rest.stage.url, description: 'Where the REST API is' },
      WebSocketUrl: { value: sockets.stage.url, description: 'Where clients open their WebSocket' },
      TableName: { value: table.tableName, description: 'Where calls, devices and connections are' },
      PushProvidersSecret: { value: secrets.pushProviders.secretName, description: 'Put FCM and APNs keys here' },
      TokenKeysSecret: { value: secrets.tokenKeys.secretName, description: 'The keys that sign tokens' },
      MediaProvidersSecret: { value: secrets.mediaProviders.secretName, description: 'Put the Agora app here' },
      TurnSecret: { value: secrets.turn.secretName, description: 'Put TURN urls and secrets here' },
    };
    const ofEvents = backend && {
      EventBusName: { value: backend.bus.eventBusName, description: 'Where the backend hears of calls' },
      WebhooksSecret: { value: backend.webhooks.secretName, description: 'Put the urls and keys of webhooks here' },
      WebhookQueueUrl: { value: backend.deliveries.queue.queueUrl, description: 'Webhooks to be tried' },
      WebhookDeadLettersUrl: { value: backend.deliveries.deadLetters.queueUrl, description: 'Webhooks tried in vain' },
    };
    for (const [name, output] of Object.entries({ ...outputs, ...ofEvents })) new CfnOutput(this, name, output);
    if (secrets.ringHook) {
      const value = secrets.ringHook.secretName;
      new CfnOutput(this, 'RingHookSecret', { value, description: 'Put the url and the key of the ring hook here' });
    }
  }
}
