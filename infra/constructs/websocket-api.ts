import { Stack, Validations } from 'aws-cdk-lib';
import { WebSocketApi as Api, LogGroupLogDestination, WebSocketStage } from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type AccessLogProps, accessLogs, WEBSOCKET_LOG } from './access-log.ts';
import { PingRoute } from './ping-route.ts';

/** The name of the stage is also the path that clients open: `/ws`. */
const STAGE_NAME = 'ws';

/** The connections of the API, as a path below it. */
const connectionsPath = (method: 'POST' | 'GET'): string => `${STAGE_NAME}/${method}/@connections/*`;

const COMMANDS = ['call.ring', 'call.accept', 'call.reject', 'call.cancel', 'call.leave', 'call.end', 'call.ringing'];
const SIGNALS = ['sdp.offer', 'sdp.answer', 'ice.candidate'];

/** The functions behind the routes. */
export interface WebSocketHandlers {
  readonly connection: IFunction;
  readonly command: IFunction;
  readonly signal: IFunction;
}

/** The WebSocket API: it routes each frame by its `type`. */
export class WebSocketApi extends Construct {
  readonly api: Api;
  readonly stage: WebSocketStage;

  constructor(scope: Construct, id: string, { logRetention }: AccessLogProps) {
    super(scope, id);
    this.api = new Api(this, 'Api', {
      apiName: `${Stack.of(this).stackName}-ws`,
      description: 'Carillon /ws',
      routeSelectionExpression: '$request.body.type',
    });
    this.stage = new WebSocketStage(this, 'Stage', {
      webSocketApi: this.api,
      stageName: STAGE_NAME,
      autoDeploy: true,
      throttle: { rateLimit: 10_000, burstLimit: 5000 },
      detailedMetricsEnabled: true,
      accessLogSettings: {
        destination: new LogGroupLogDestination(accessLogs(this, logRetention)),
        format: WEBSOCKET_LOG,
      },
    });
    const { Ref: logicalId } = Stack.of(this).resolve(this.api.apiId);
    for (const method of ['POST', 'GET'] as const) {
      Validations.of(Stack.of(this)).acknowledge({
        id: `AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:execute-api:<AWS::Region>:<AWS::AccountId>:<${logicalId}>/${connectionsPath(method)}]`,
        reason:
          'Which connections a function posts to or looks at depends on who is in the call, so no connection id is known in advance.',
      });
    }
  }

  /** What a function needs a right on to send frames (`POST`), or to look whether a connection is open (`GET`). */
  connectionsArn(method: 'POST' | 'GET'): string {
    const connections = { service: 'execute-api', resource: this.api.apiId, resourceName: connectionsPath(method) };
    return Stack.of(this).formatArn(connections);
  }

  /** Puts the functions behind the routes. */
  route({ connection, command, signal }: WebSocketHandlers): void {
    const lambda = (name: string, handler: IFunction) => ({
      integration: new WebSocketLambdaIntegration(name, handler),
    });
    // No identity source: with one, API Gateway would refuse a token in any other place before our authorizer sees it.
    const authorizer = new WebSocketLambdaAuthorizer('Authorizer', connection, { identitySource: [] });
    this.api.addRoute('$connect', { ...lambda('Connect', connection), authorizer });
    const frames = [
      this.api.addRoute('$disconnect', lambda('Disconnect', connection)),
      this.api.addRoute('$default', lambda('Unknown', command)),
      ...COMMANDS.map((type) => this.api.addRoute(type, lambda(type, command))),
      ...SIGNALS.map((type) => this.api.addRoute(type, lambda(type, signal))),
      new PingRoute(this, 'Ping', this.api),
    ];
    for (const route of frames) {
      Validations.of(route).acknowledge({
        id: 'AwsSolutions-APIG4',
        reason:
          'A WebSocket API authorizes $connect only; every frame comes over a connection that was authorized there.',
      });
    }
    // Otherwise the first deployment of the stage could lack some routes.
    this.stage.node.addDependency(this.api, ...frames);
  }
}
