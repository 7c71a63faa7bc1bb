import { describe, expect, it } from 'vitest';
import { PRODUCTION, resources, templates } from './synthesized.ts';

describe('the HTTP API', () => {
  const { service } = templates();

  it('has one route, and those where clients of Socket.IO poll; functions get events of version 2.0', () => {
    service.hasResourceProperties('AWS::ApiGatewayV2::Integration', {
      IntegrationType: 'AWS_PROXY',
      PayloadFormatVersion: '2.0',
    });
    const [[api] = []] = resources(service, 'AWS::ApiGatewayV2::Api').filter(
      ([, each]) => each.Properties['ProtocolType'] === 'HTTP',
    );
    const routes = resources(service, 'AWS::ApiGatewayV2::Route').filter(
      ([, { Properties }]) => (Properties['ApiId'] as { Ref: string }).Ref === api,
    );
    expect(routes.map(([, { Properties }]) => Properties['RouteKey']).toSorted()).toEqual([
      '$default',
      'GET /socket.io/{proxy+}',
      'GET /video-socket/{proxy+}',
      'POST /socket.io/{proxy+}',
      'POST /video-socket/{proxy+}',
    ]);
  });

  it('is served at the root, throttled', () => {
    service.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      StageName: '$default',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 4000, ThrottlingBurstLimit: 2000 },
    });
  });

  it('may be called by the web apps of the stage', () => {
    const { service: restricted } = templates(PRODUCTION);
    restricted.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      CorsConfiguration: {
        AllowOrigins: ['https://app.example.com'],
        AllowMethods: ['GET', 'POST', 'PUT', 'DELETE', 'OPTIONS'],
        AllowHeaders: ['authorization', 'content-type', 'stream-auth-type'],
        ExposeHeaders: ['retry-after'],
      },
    });
  });
});
