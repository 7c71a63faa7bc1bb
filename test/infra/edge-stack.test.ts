import { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { EDGE_ROUTES } from '#infra/edge/routes.ts';
import { deployment, liveIn, resources, shortName, templates } from './synthesized.ts';

const { edge, service } = templates();

interface Origin {
  readonly Id: string;
  readonly DomainName: unknown;
  readonly CustomOriginConfig: object;
  readonly OriginCustomHeaders: readonly object[];
}

interface Behaviour {
  readonly PathPattern?: string;
  readonly TargetOriginId: string;
}

interface Distribution {
  readonly Origins: readonly Origin[];
  readonly DefaultCacheBehavior: Behaviour;
  readonly CacheBehaviors: readonly Behaviour[];
}

const [[, distribution] = []] = resources(edge, 'AWS::CloudFront::Distribution');
const config = distribution?.Properties['DistributionConfig'] as Distribution;
/** Those of the console are another test's. */
const isOfApis = ({ TargetOriginId }: Behaviour) => TargetOriginId !== 'console';
const behaviours = [...config.CacheBehaviors, config.DefaultCacheBehavior].filter(isOfApis);
const origins = config.Origins.filter(({ Id }) => Id !== 'console');

describe('the edge', () => {
  it('leads every path of a WebSocket API that is there to it, and all others to the HTTP API', () => {
    const stages = resources(service, 'AWS::ApiGatewayV2::Stage').map(([, { Properties: of }]) => of['StageName']);
    const routes = EDGE_ROUTES.filter(({ stage }) => stages.includes(stage)).map(({ path, stage }) => [path, stage]);
    const led = behaviours.map(({ PathPattern = '*', TargetOriginId }) => [PathPattern, TargetOriginId]);
    expect(led).toEqual([...routes, ['*', 'rest']]);
    expect(origins.map(({ Id }) => Id).toSorted()).toEqual(['rest', ...new Set(routes.map(([, to]) => to))].toSorted());
  });

  it.each(behaviours.map((of) => [of.PathPattern ?? '*', of] as const))(
    'caches nothing, and sends the origin everything but the host: %s',
    (_, behaviour) => {
      expect(behaviour).toMatchObject({
        CachePolicyId: '4135ea2d-6df8-44a3-9df3-4b5a84be39ad',
        OriginRequestPolicyId: 'b689b0a8-53d0-40ab-baf2-68738e2966ac',
        AllowedMethods: ['GET', 'HEAD', 'OPTIONS', 'PUT', 'PATCH', 'POST', 'DELETE'],
        ViewerProtocolPolicy: 'https-only',
        FunctionAssociations: [{ EventType: 'viewer-request' }],
      });
    },
  );

  it.each(origins.map((of) => [of.Id, of] as const))(
    'reaches %s by TLS 1.2 alone, and shows its secret',
    (_, origin) => {
      expect(origin.CustomOriginConfig).toMatchObject({
        OriginProtocolPolicy: 'https-only',
        OriginSSLProtocols: ['TLSv1.2'],
      });
      expect(origin.OriginCustomHeaders).toMatchObject([{ HeaderName: 'x-carillon-edge' }]);
      expect(JSON.stringify(origin.OriginCustomHeaders)).toMatch(
        /resolve:secretsmanager:.*EdgeSecret.*:SecretString:current::/,
      );
    },
  );

  it('speaks HTTP/2 and HTTP/3', () => {
    expect(config).toMatchObject({ Enabled: true, HttpVersion: 'http2and3', IPV6Enabled: true });
  });

  it('has a function of runtime 2.0 with the routes of the APIs that are there', () => {
    edge.hasResourceProperties('AWS::CloudFront::Function', { FunctionConfig: { Runtime: 'cloudfront-js-2.0' } });
    const codes = resources(edge, 'AWS::CloudFront::Function').map(([, of]) => of.Properties['FunctionCode']);
    expect(codes.join()).toContain('const ROUTES = [{"path":"/ws","stage":"ws"}');
  });

  it('gives the functions that face clients the secrets to accept, and no other function', () => {
    const having = resources(service, 'AWS::Lambda::Function')
      .filter(([, of]) => JSON.stringify(of.Properties['Environment']).includes('EDGE_SECRETS'))
      .map(([id]) => shortName(id));
    const authorizing = resources(service, 'AWS::ApiGatewayV2::Authorizer').map(([, of]) =>
      liveIn(of.Properties['AuthorizerUri']),
    );
    // Clients of Socket.IO say who they are in a packet, so their function has no authorizer.
    expect(having.toSorted()).toEqual(['Http', 'SocketIo', ...authorizing].toSorted());
  });

  it('deploys a new version of its secret when the stage names it', () => {
    const version = '0b7ad0f4-1c8a-4f0f-9a3f-7a1e6f1d2c3b';
    const renewed = templates({ edgeSecretVersion: version });
    expect(JSON.stringify(renewed.edge.toJSON())).toContain(`:SecretString:current::${version}}}`);
    expect(JSON.stringify(renewed.service.toJSON())).toContain(`:SecretString:::${version}}}`);
  });

  it('tells where it is', () => {
    expect(Object.keys(edge.findOutputs('*'))).toContain('Url');
  });

  it('can be left out: nobody is asked for a secret then', () => {
    const without = deployment({ edge: false });
    expect(without.edge).toBeUndefined();
    expect(JSON.stringify(Template.fromStack(without.service).toJSON())).not.toContain('EDGE_SECRETS');
    Template.fromStack(without.state).resourceCountIs('AWS::SecretsManager::Secret', 4);
  });
});
