import { Stack, Token, Validations } from 'aws-cdk-lib';
import { WebSocketApi as Api, LogGroupLogDestination, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import { Construct } from 'constructs';
import { type AccessLogProps, accessLogs, WEBSOCKET_LOG } from './access-log.ts';
import { apiHost } from './api-host.ts';
import { PingRoute } from './ping-route.ts';
import type { ServiceFunction } from './service-function.ts';
import { STAGE_THROTTLE } from './stage-throttle.ts';

export interface WebSocketApiProps extends AccessLogProps {
  /** The name of the stage, by which the routes of the edge name the API. It is the path at the API's own host. */
  readonly stageName: string;
  readonly description: string;
  /** Whether every frame and connection has a line in the access log. */
  readonly frameLogs: boolean;
}

/** The functions behind the routes. */
export interface WebSocketHandlers {
  /** The authorizer, `$connect` and `$disconnect`. */
  readonly connection: ServiceFunction;
  /** Whether `connection` authorizes every upgrade; otherwise clients say who they are later. @default true */
  readonly authorizes?: boolean;
  /** Every frame that has no route of its own. */
  readonly frames: ServiceFunction;
  /** Frames by their `type`. @default none */
  readonly byType?: Readonly<Record<string, ServiceFunction>>;
  /** Whether API Gateway answers `ping` itself. @default false */
  readonly answersPing?: boolean;
}

const METHODS = ['POST', 'GET', 'DELETE'] as const;

/** What a function may do with a connection. */
export type ConnectionsMethod = (typeof METHODS)[number];

/** How a finding of cdk-nag names a part of an ARN: by its value if it is known when the template is written. */
const named = (value: string, name: string): string => (Token.isUnresolved(value) ? `<AWS::${name}>` : value);

/** A WebSocket API: it routes each frame by its `type`, if it has one. */
export class WebSocketApi extends Construct {
  readonly api: Api;
  readonly stage: WebSocketStage;

  constructor(scope: Construct, id: string, { stageName, description, logRetention, frameLogs }: WebSocketApiProps) {
    super(scope, id);
    this.api = new Api(this, 'Api', {
      apiName: `${Stack.of(this).stackName}-${stageName}`,
      description,
      routeSelectionExpression: '$request.body.type',
    });
    this.stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName,
      autoDeploy: true,
      throttle: STAGE_THROTTLE,
      ...(frameLogs && {
        accessLogSettings: {
          destination: new LogGroupLogDestination(accessLogs(this, logRetention)),
          format: WEBSOCKET_LOG,
        },
      }),
    });
    if (!frameLogs) {
      Validations.of(this.stage).acknowledge({
        id: 'AwsSolutions-APIG1',
        reason: 'The stage does without a line for every frame; the functions log what goes wrong.',
      });
    }
    const { partition, region, account } = Stack.of(this);
    const { Ref: logicalId } = Stack.of(this).resolve(this.api.apiId);
    for (const method of METHODS) {
      Validations.of(Stack.of(this)).acknowledge({
        id: `AwsSolutions-IAM5[Resource::arn:${named(partition, 'Partition')}:execute-api:${named(region, 'Region')}:${named(account, 'AccountId')}:<${logicalId}>/${this.#connectionsPath(method)}]`,
        reason:
          'Which connections a function posts to, looks at or closes depends on who is in the call, so no connection id is known in advance.',
      });
    }
  }

  /** The host name of the API, which clients use only where there is no edge. */
  get host(): string {
    return apiHost(this, this.api.apiId);
  }

  /** What a function needs a right on to send frames (`POST`), to look whether a connection is open (`GET`), or to close it (`DELETE`). */
  connectionsArn(method: ConnectionsMethod): string {
    const resourceName = this.#connectionsPath(method);
    return Stack.of(this).formatArn({ service: 'execute-api', resource: this.api.apiId, resourceName });
  }

  #connectionsPath(method: ConnectionsMethod): string {
    return `${this.stage.stageName}/${method}/@connections/*`;
  }

  /** Puts the functions behind the routes. */
  route({ connection, authorizes = true, frames, byType = {}, answersPing = false }: WebSocketHandlers): void {
    const lambda = (name: string, handler: ServiceFunction) => ({
      integration: new WebSocketLambdaIntegration(name, handler.live),
    });
    // No identity source: with one, API Gateway would refuse a token in any other place before our authorizer sees it.
    const authorizer = authorizes
      ? new WebSocketLambdaAuthorizer('Authorizer', connection.live, { identitySource: [] })
      : undefined;
    const connect = this.api.addRoute('$connect', {
      ...lambda('Connect', connection),
      ...(authorizer && { authorizer }),
    });
    if (!authorizer) {
      Validations.of(connect).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason: 'Clients of this API say who they are in a frame, and are told in a frame that they are refused.',
      });
    }
    const routes = [
      this.api.addRoute('$disconnect', lambda('Disconnect', connection)),
      this.api.addRoute('$default', lambda('Unknown', frames)),
      ...Object.entries(byType).map(([type, handler]) => this.api.addRoute(type, lambda(type, handler))),
      ...(answersPing ? [new PingRoute(this, 'Ping', this.api)] : []),
    ];
    for (const route of routes) {
      Validations.of(route).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason:
          'A WebSocket API authorizes $connect only; every frame comes over a connection that was authorized there.',
      });
    }
    // Otherwise the first deployment of the stage could lack some routes.
    this.stage.node.addDependency(this.api, ...routes);
  }
}
