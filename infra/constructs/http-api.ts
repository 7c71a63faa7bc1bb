import { Duration, Stack, Validations } from 'aws-cdk-lib';
import {
  HttpApi as Api,
  CorsHttpMethod,
  HttpMethod,
  HttpStage,
  LogGroupLogDestination,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { HttpLambdaIntegration } from 'aws-cdk-lib/aws-apigatewayv2-integrations';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { type AccessLogProps, accessLogs, HTTP_LOG } from './access-log.ts';
import { apiHost } from './api-host.ts';
import type { ServiceFunction } from './service-function.ts';
import { STAGE_THROTTLE } from './stage-throttle.ts';

export interface HttpApiProps extends AccessLogProps {
  /** Origins of web apps that may call it. */
  readonly corsOrigins: readonly string[];
  /** The function behind it, which has the route table. */
  readonly handler: ServiceFunction;
  /** The function that serves clients of Socket.IO until they have a WebSocket. */
  readonly socketIo: ServiceFunction;
}

/** Where clients of Socket.IO poll. */
const POLLED = ['socket.io', 'video-socket'];

/** The REST API: one function serves all of it. Clients of Socket.IO poll here, too, at another. */
export class HttpApi extends Construct {
  readonly stage: HttpStage;
  readonly accessLogs: LogGroup;
  /** The host name of the API, which clients use only where there is no edge. */
  readonly host: string;

  constructor(scope: Construct, id: string, { corsOrigins, handler, socketIo, logRetention }: HttpApiProps) {
    super(scope, id);
    const api = new Api(this, 'Api', {
      apiName: `${Stack.of(this).stackName}-rest`,
      description: 'Carillon REST',
      createDefaultStage: false,
      defaultIntegration: new HttpLambdaIntegration('Http', handler.live),
      corsPreflight: {
        allowOrigins: [...corsOrigins],
        allowMethods: [
          CorsHttpMethod.GET,
          CorsHttpMethod.POST,
          CorsHttpMethod.PUT,
          CorsHttpMethod.DELETE,
          CorsHttpMethod.OPTIONS,
        ],
        allowHeaders: ['authorization', 'content-type', 'stream-auth-type'],
        exposeHeaders: ['retry-after'],
        maxAge: Duration.hours(1),
      },
    });
    const integration = new HttpLambdaIntegration('SocketIo', socketIo.live);
    // API Gateway takes no route that ends in a slash, as the clients' own path does; a greedy one takes that path.
    for (const path of POLLED.map((name) => `/${name}/{proxy+}`)) {
      for (const route of api.addRoutes({ path, methods: [HttpMethod.GET, HttpMethod.POST], integration })) {
        Validations.of(route).acknowledge({
          id: 'AwsSolutions-APIG4',
          reason: 'Clients of Socket.IO say who they are in a packet, and are told in a packet that they are refused.',
        });
      }
    }
    this.host = apiHost(this, api.apiId);
    Validations.of(api).acknowledge({
      id: 'AwsSolutions-APIG4',
      reason:
        'The function verifies the bearer token. /health and the documents need none; other routes take several kinds.',
    });
    this.accessLogs = accessLogs(this, logRetention);
    this.stage = new HttpStage(this, 'Stage', {
      httpApi: api,
      stageName: '$default',
      autoDeploy: true,
      throttle: STAGE_THROTTLE,
      accessLogSettings: { destination: new LogGroupLogDestination(this.accessLogs), format: HTTP_LOG },
    });
  }
}
