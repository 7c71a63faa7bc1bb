import {
  WebSocketApi as Api,
  CfnIntegration,
  CfnIntegrationResponse,
  CfnRoute,
  CfnRouteResponse,
  LogGroupLogDestination,
  WebSocketStage,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { WebSocketLambdaAuthorizer } from 'aws-cdk-lib/aws-apigatewayv2-authorizers';
import { WebSocketLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { type AccessLogProps, accessLogs, WEBSOCKET_LOG } from './access-log.ts';

/** The name of the stage, and so the path: clients open `/ws`. */
const STAGE_NAME = 'ws';

const COMMANDS = ['call.ring', 'call.accept', 'call.reject', 'call.cancel', 'call.leave', 'call.end', 'call.ringing'];
const SIGNALS = ['sdp.offer', 'sdp.answer', 'ice.candidate'];

/** The functions behind the routes. */
export interface WebSocketHandlers {
  readonly connection: IFunction;
  readonly command: IFunction;
  readonly signal: IFunction;
}

/** The WebSocket API: routes by a frame's `type`. */
export class WebSocketApi extends Construct {
  readonly api: Api;
  readonly stage: WebSocketStage;

  constructor(scope: Construct, id: string, { logRetention }: AccessLogProps) {
    super(scope, id);
    this.api = new Api(this, 'Api', { routeSelectionExpression: '$request.body.type', description: 'Carillon /ws' });
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
  }

  /** Puts the functions behind the routes. */
  route({ connection, command, signal }: WebSocketHandlers): void {
    const lambda = (name: string, handler: IFunction) => ({
      integration: new WebSocketLambdaIntegration(name, handler),
    });
    // No identity source: API Gateway would refuse a token in the query string or the subprotocol before we see it.
    const authorizer = new WebSocketLambdaAuthorizer('Authorizer', connection, { identitySource: [] });
    this.api.addRoute('$connect', { ...lambda('Connect', connection), authorizer });
    this.api.addRoute('$disconnect', lambda('Disconnect', connection));
    this.api.addRoute('$default', lambda('Unknown', command));
    for (const type of COMMANDS) this.api.addRoute(type, lambda(type, command));
    for (const type of SIGNALS) this.api.addRoute(type, lambda(type, signal));
    this.#ping();
  }

  /** `ping` is answered by API Gateway itself: a keep-alive costs no invocation. */
  #ping(): void {
    const { apiId } = this.api;
    const integration = new CfnIntegration(this, 'Ping', {
      apiId,
      integrationType: 'MOCK',
      requestTemplates: { '200': '{"statusCode":200}' },
      templateSelectionExpression: '200',
    });
    new CfnIntegrationResponse(this, 'PingPong', {
      apiId,
      integrationId: integration.ref,
      integrationResponseKey: '$default',
      responseTemplates: { '200': '{"type":"pong"}' },
      templateSelectionExpression: '200',
    });
    const route = new CfnRoute(this, 'PingRoute', {
      apiId,
      routeKey: 'ping',
      target: `integrations/${integration.ref}`,
      routeResponseSelectionExpression: '$default',
    });
    new CfnRouteResponse(this, 'PingRouteResponse', { apiId, routeId: route.ref, routeResponseKey: '$default' });
  }
}
