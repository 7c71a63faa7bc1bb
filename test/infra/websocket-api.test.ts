import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { liveIn, referred, resources, templates } from './synthesized.ts';

const { service } = templates();

const isOf = (api: string, { ApiId }: Record<string, unknown>): boolean => referred(ApiId) === api;
const routesOf = (api: string) =>
  resources(service, 'AWS::ApiGatewayV2::Route').filter(([, { Properties }]) => isOf(api, Properties));
const stageOf = (api: string) =>
  resources(service, 'AWS::ApiGatewayV2::Stage').find(([, { Properties }]) => isOf(api, Properties))?.[1];
const functionsOf = (api: string) =>
  Object.fromEntries(routesOf(api).map(([, { Properties }]) => [Properties['RouteKey'], behind(Properties)]));
const routes = routesOf('WebSocketApi');
const integrations = new Map(resources(service, 'AWS::ApiGatewayV2::Integration'));

/** The function behind a route, or `MOCK`. */
function behind(route: Record<string, unknown>): string {
  const [id = ''] = /(?<="Ref":")[^"]+/.exec(JSON.stringify(route['Target'])) ?? [];
  const { IntegrationType, IntegrationUri } = integrations.get(id)?.Properties ?? {};
  return IntegrationType === 'AWS_PROXY' ? (liveIn(IntegrationUri) ?? '') : String(IntegrationType);
}

describe('the WebSocket API', () => {
  it('chooses a route by the type of a frame', () => {
    service.hasResourceProperties('AWS::ApiGatewayV2::Api', {
      ProtocolType: 'WEBSOCKET',
      RouteSelectionExpression: '$request.body.type',
    });
  });

  it('has a function behind every route', () => {
    expect(functionsOf('WebSocketApi')).toEqual({
      $connect: 'Connection',
      $disconnect: 'Connection',
      $default: 'Command',
      'call.ring': 'Command',
      'call.accept': 'Command',
      'call.reject': 'Command',
      'call.cancel': 'Command',
      'call.leave': 'Command',
      'call.end': 'Command',
      'call.resume': 'Command',
      'call.ringing': 'Command',
      'sdp.offer': 'Signal',
      'sdp.answer': 'Signal',
      'ice.candidate': 'Signal',
      ping: 'MOCK',
    });
  });

  it('routes every command of asyncapi.json, and nothing else', () => {
    const { operations } = JSON.parse(readFileSync('docs/protocol/asyncapi.json', 'utf8')) as {
      operations: Record<string, { action: string; title: string; channel: { $ref: string } }>;
    };
    const commands = Object.values(operations).filter(
      ({ action, channel }) => action === 'receive' && channel.$ref === '#/channels/socket',
    );
    const routed = routes
      .map(([, { Properties }]) => String(Properties['RouteKey']))
      .filter((key) => !key.startsWith('$'));
    expect(routed.toSorted()).toEqual(commands.map(({ title }) => title).toSorted());
  });

  it('has an authorizer before $connect that sees every request, wherever its token is', () => {
    const connect = routes.find(([, { Properties }]) => Properties['RouteKey'] === '$connect');
    expect(connect?.[1].Properties).toMatchObject({ AuthorizationType: 'CUSTOM' });
    expect(referred(connect?.[1].Properties['AuthorizerId'])).toBe('WebSocketApiAuthorizer');
    const [[, authorizer] = []] = resources(service, 'AWS::ApiGatewayV2::Authorizer');
    expect(authorizer?.Properties).toMatchObject({ AuthorizerType: 'REQUEST', IdentitySource: [] });
    expect(liveIn(authorizer?.Properties['AuthorizerUri'])).toBe('Connection');
  });

  it('may invoke the functions of its routes and its authorizer', () => {
    const sources = resources(service, 'AWS::Lambda::Permission').map(
      ([, { Properties }]) => /[^"]*(?="\]\]\}$|"\},?$)/.exec(JSON.stringify(Properties['SourceArn']))?.[0],
    );
    for (const [, { Properties }] of routes.filter(([, route]) => route.Properties['RouteKey'] !== 'ping')) {
      expect(sources).toContain(`/*${String(Properties['RouteKey'])}`);
    }
    expect(JSON.stringify(resources(service, 'AWS::Lambda::Permission'))).toContain('"/authorizers/"');
  });

  it('answers a ping itself', () => {
    const [[ping] = []] = routes.filter(([, { Properties }]) => Properties['RouteKey'] === 'ping');
    service.hasResourceProperties('AWS::ApiGatewayV2::Route', {
      RouteKey: 'ping',
      RouteResponseSelectionExpression: '$default',
    });
    service.hasResourceProperties('AWS::ApiGatewayV2::RouteResponse', {
      RouteId: { Ref: ping },
      RouteResponseKey: '$default',
    });
    service.hasResourceProperties('AWS::ApiGatewayV2::Integration', {
      IntegrationType: 'MOCK',
      RequestTemplates: { '200': '{"statusCode":200}' },
      TemplateSelectionExpression: '200',
    });
    service.hasResourceProperties('AWS::ApiGatewayV2::IntegrationResponse', {
      IntegrationResponseKey: '$default',
      ResponseTemplates: { '200': '{"type":"pong"}' },
      TemplateSelectionExpression: '200',
    });
  });

  it('answers nothing else itself: it sends what the functions return to nobody', () => {
    service.resourceCountIs('AWS::ApiGatewayV2::RouteResponse', 1);
  });

  it('is served at /ws, is throttled, and is deployed only after every route exists', () => {
    expect(stageOf('WebSocketApi')?.Properties).toMatchObject({
      StageName: 'ws',
      AutoDeploy: true,
      DefaultRouteSettings: { ThrottlingRateLimit: 4000, ThrottlingBurstLimit: 2000 },
    });
    expect(stageOf('WebSocketApi')?.DependsOn).toEqual(expect.arrayContaining(routes.map(([id]) => id)));
  });
});

describe('the logs of the APIs', () => {
  it('have no line for a frame if the stage does without', () => {
    const stages = resources(templates({ frameLogs: false }).service, 'AWS::ApiGatewayV2::Stage');
    const logged = stages.filter(([, { Properties }]) => Properties['AccessLogSettings']);
    expect(logged.map(([, { Properties }]) => Properties['StageName'])).toEqual(['$default']);
  });

  it.each(resources(service, 'AWS::ApiGatewayV2::Stage'))(
    'of %s hold no query string, header, body or claim',
    (_, { Properties }) => {
      const { Format } = Properties['AccessLogSettings'] as { Format: string };
      const variables = Object.values<string>(JSON.parse(Format)).map((variable) => variable.replace('$context.', ''));
      const harmless = [
        'requestId',
        'requestTime',
        'eventType',
        'routeKey',
        'connectionId',
        'status',
        'httpMethod',
        'path',
      ];
      expect([...harmless, 'responseLatency', 'error.message']).toEqual(expect.arrayContaining(variables));
      expect(Properties['DefaultRouteSettings']).not.toHaveProperty('DataTraceEnabled');
    },
  );

  it('can be written: the account gets a role for it before the stage is created', () => {
    const [[account, { Properties, DeletionPolicy }] = ['', { Properties: {} as never, DeletionPolicy: '' }]] =
      resources(service, 'AWS::ApiGateway::Account');
    expect(referred(Properties['CloudWatchRoleArn'])).toBe('GatewayLogsRole');
    expect(DeletionPolicy).toBe('Retain');
    expect(stageOf('WebSocketApi')?.DependsOn).toContain(account);
  });

  it('leave the account alone if the stage says so', () => {
    templates({ setsGatewayLogRole: false }).service.resourceCountIs('AWS::ApiGateway::Account', 0);
  });
});

describe('the WebSocket API of rooms', () => {
  it('has one function behind every route, and its own stage', () => {
    expect(functionsOf('RoomSocketApi')).toEqual({ $connect: 'Room', $disconnect: 'Room', $default: 'Room' });
    expect(stageOf('RoomSocketApi')?.Properties).toMatchObject({ StageName: 'rooms', AutoDeploy: true });
  });
});

describe('the WebSocket API for clients of Socket.IO', () => {
  const socketIo = routesOf('SocketIoApi');

  it('sends everything to one function', () => {
    const found = socketIo.map(([, { Properties }]) => [Properties['RouteKey'], behind(Properties)]);
    expect(Object.fromEntries(found)).toEqual({ $connect: 'SocketIo', $disconnect: 'SocketIo', $default: 'SocketIo' });
  });

  it('lets every upgrade pass: clients say who they are in a packet', () => {
    expect(socketIo.map(([, { Properties }]) => Properties['AuthorizationType'] ?? 'NONE')).toEqual([
      'NONE',
      'NONE',
      'NONE',
    ]);
  });
});
