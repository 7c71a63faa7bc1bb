import {
  type WebSocketApi as Api,
  CfnIntegration,
  CfnIntegrationResponse,
  CfnRoute,
  CfnRouteResponse,
} from 'aws-cdk-lib/aws-apigatewayv2';
import { Construct } from 'constructs';

/** API Gateway answers `ping` by itself, so that a keep-alive costs no invocation. */
export class PingRoute extends Construct {
  constructor(scope: Construct, id: string, { apiId }: Api) {
    super(scope, id);
    const integration = new CfnIntegration(this, 'Mock', {
      apiId,
      integrationType: 'MOCK',
      requestTemplates: { '200': '{"statusCode":200}' },
      templateSelectionExpression: '200',
    });
    new CfnIntegrationResponse(this, 'Pong', {
      apiId,
      integrationId: integration.ref,
      integrationResponseKey: '$default',
      responseTemplates: { '200': '{"type":"pong"}' },
      templateSelectionExpression: '200',
    });
    const route = new CfnRoute(this, 'Route', {
      apiId,
      routeKey: 'ping',
      target: `integrations/${integration.ref}`,
      routeResponseSelectionExpression: '$default',
    });
    new CfnRouteResponse(this, 'Response', { apiId, routeId: route.ref, routeResponseKey: '$default' });
  }
}
