import type { Resource } from './assembly.ts';
import type { Physical } from './resolve.ts';

/** The account in local ARNs and queue URLs. */
export const ACCOUNT = '000000000000';

/** A logical id without the hash that CDK appends to it. */
export const shortName = (id: string): string => id.replace(/[0-9A-F]{8}$/, '');

/** The host name that an API has on AWS. */
export const apiHost = (apiId: string, region: string): string => `${apiId}.execute-api.${region}.amazonaws.com`;

/** The host name that a bucket has on AWS. */
export const bucketDomain = (bucket: string, region: string): string => `${bucket}.s3.${region}.amazonaws.com`;

/** The addresses on this machine. */
export interface LocalAddresses {
  readonly region: string;
  /** Serves SQS and Secrets Manager. */
  readonly internalUrl: string;
}

/** The name of the function that an alias is of. */
const aliased = ({ FunctionName: of }: Resource['properties']): string => shortName(String(Object(of).Ref));

type Values = Readonly<Record<string, (resource: Resource, name: string) => string>>;

/** The names, URLs and ARNs of the resources on this machine. `ref` stands for `Ref`. */
export function physicalValues({ region, internalUrl }: LocalAddresses): Physical {
  const arn = (service: string, rest: string) => `arn:aws:${service}:${region}:${ACCOUNT}:${rest}`;
  const tableName = ({ stack }: Resource, name: string) => `${stack}-${name}`;
  const bucketName = (_: Resource, name: string) => name.toLowerCase();
  const table: Values = {
    ref: tableName,
    Arn: (resource, name) => arn('dynamodb', `table/${tableName(resource, name)}`),
    StreamArn: (resource, name) => arn('dynamodb', `table/${tableName(resource, name)}/stream/local`),
  };
  const stageName = ({ properties }: Resource) => String(properties['StageName']);
  const apiId = (_: Resource, name: string) => name.toLowerCase();
  const byType: Readonly<Record<string, Values>> = {
    'AWS::DynamoDB::GlobalTable': table,
    'AWS::DynamoDB::Table': table,
    'AWS::S3::Bucket': {
      ref: bucketName,
      Arn: (_, name) => `arn:aws:s3:::${name.toLowerCase()}`,
      RegionalDomainName: (resource, name) => bucketDomain(bucketName(resource, name), region),
    },
    'AWS::SQS::Queue': {
      ref: (_, name) => `${internalUrl}/${ACCOUNT}/${name}`,
      Arn: (_, name) => arn('sqs', name),
      QueueName: (_, name) => name,
    },
    'AWS::Events::EventBus': {
      ref: ({ properties }) => String(properties['Name']),
      Name: ({ properties }) => String(properties['Name']),
      Arn: ({ properties }) => arn('events', `event-bus/${String(properties['Name'])}`),
    },
    'AWS::IAM::Role': {
      ref: (_, name) => name,
      Arn: (_, name) => `arn:aws:iam::${ACCOUNT}:role/${name}`,
    },
    'AWS::Logs::LogGroup': { ref: (_, name) => name, Arn: (_, name) => `${arn('logs', `log-group:${name}`)}:*` },
    'AWS::SecretsManager::Secret': { ref: (_, name) => arn('secretsmanager', `secret:${name}-LOCAL1`) },
    'AWS::Lambda::Function': { ref: (_, name) => name, Arn: (_, name) => arn('lambda', `function:${name}`) },
    // The alias of the live version: here there is one version.
    'AWS::Lambda::Alias': {
      ref: ({ properties }) => `${arn('lambda', `function:${aliased(properties)}`)}:${properties['Name']}`,
    },
    'AWS::ApiGatewayV2::Api': {
      ref: apiId,
      ApiId: apiId,
      ApiEndpoint: (resource, name) => {
        const scheme = resource.properties['ProtocolType'] === 'WEBSOCKET' ? 'wss' : 'https';
        return `${scheme}://${apiHost(name.toLowerCase(), region)}`;
      },
    },
    'AWS::ApiGatewayV2::Stage': { ref: stageName },
    'AWS::ApiGatewayV2::Integration': { ref: ({ id }) => id },
    'AWS::ApiGatewayV2::Route': { ref: ({ id }) => id },
    'AWS::ApiGatewayV2::Authorizer': { ref: ({ id }) => id },
    'AWS::CloudFront::Function': { Arn: ({ id }) => id, FunctionARN: ({ id }) => id },
    'AWS::CloudFront::OriginAccessControl': { Id: ({ id }) => id },
    'AWS::CloudFront::ResponseHeadersPolicy': { ref: ({ id }) => id },
  };
  return (resource, attribute) => byType[resource.type]?.[attribute ?? 'ref']?.(resource, shortName(resource.id));
}
