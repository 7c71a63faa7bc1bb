import type { PushEndpoints } from '../../push/push-fakes.ts';
import type { Settings } from '../../settings.ts';
import { withSecrets } from '../secrets/dynamic-reference.ts';
import type { Secrets } from '../secrets/secrets.ts';
import type { FunctionSpec } from './function-spec.ts';

/** The addresses of everything that the functions call. */
export interface EnvironmentInputs {
  readonly settings: Settings;
  /** The key of a process that starts. */
  readonly credentials: (spec: FunctionSpec) => Readonly<Record<string, string>>;
  readonly internalUrl: string;
  readonly dynamodbUrl: string;
  readonly secrets: Secrets;
  /** The address of the public port. */
  readonly publicUrl: string;
  /** The host names that the WebSocket APIs have on AWS. */
  readonly webSocketHosts: readonly string[];
  readonly pushEndpoints: PushEndpoints;
  /** Where the built-in push service of browsers is, `https://host:port`. */
  readonly webPushOrigin: string;
  /** The identity providers, as the stage setting has them. */
  readonly issuers: readonly object[];
  /** A file with certificates that the functions trust besides the usual ones. */
  readonly caFile: string;
  /** Keeps compiled code between the processes of a function. @default none, as on Lambda */
  readonly compileCache?: string;
}

/** The variables that tell the functions where the push services are. */
export const pushVariables = ({ fcm, apns, apnsSandbox }: Partial<PushEndpoints>): Record<string, string> => ({
  ...(fcm && { CARILLON_FCM_ENDPOINT: fcm }),
  ...(apns && { CARILLON_APNS_ENDPOINT: apns }),
  ...(apnsSandbox && { CARILLON_APNS_SANDBOX_ENDPOINT: apnsSandbox }),
});

/** The variables that a function has here besides those in its template, and the few that differ. */
export function functionEnvironment(around: EnvironmentInputs, spec: FunctionSpec): Record<string, string> {
  const declared = Object.fromEntries(
    Object.entries(spec.environment).map(([name, value]) => [name, withSecrets(value, around.secrets)]),
  );
  return {
    ...reservedVariables(spec),
    PATH: process.env['PATH'] ?? '',
    ...endpoints(around),
    ...around.credentials(spec),
    ...declared,
    ...overridden(around, declared),
  };
}

/** The variables that Lambda itself sets. */
export function reservedVariables({
  name,
  handler,
  directory,
  memoryMb,
  logLevel,
}: FunctionSpec): Record<string, string> {
  return {
    _HANDLER: handler,
    LAMBDA_TASK_ROOT: directory,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_LAMBDA_LOG_FORMAT: 'JSON',
    AWS_LAMBDA_LOG_LEVEL: logLevel,
    LANG: 'en_US.UTF-8',
    TZ: ':UTC',
  };
}

function endpoints({ settings, ...around }: EnvironmentInputs): Record<string, string> {
  return {
    AWS_REGION: settings.region,
    AWS_DEFAULT_REGION: settings.region,
    AWS_ENDPOINT_URL_DYNAMODB: around.dynamodbUrl,
    AWS_ENDPOINT_URL_SQS: around.internalUrl,
    AWS_ENDPOINT_URL_EVENTBRIDGE: around.internalUrl,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: around.internalUrl,
    ...pushVariables(around.pushEndpoints),
    NODE_EXTRA_CA_CERTS: around.caFile,
    ...(around.compileCache !== undefined && { NODE_COMPILE_CACHE: around.compileCache }),
  };
}

/** The networks of this machine alone. */
const LOOPBACK = '127.0.0.0/8,::1/128';

/** The WebSocket APIs are here instead of at their hosts: clients come to the public port, functions find `@connections` inside. The identity providers are those of this machine, the stage may have other settings, and a quiet WebSocket lives as long as the settings say. */
function overridden(around: EnvironmentInputs, declared: FunctionSpec['environment']): Record<string, string> {
  const here = around.webSocketHosts.flatMap((host) => [
    [`https://${host}/`, `${around.internalUrl}/`] as const,
    [`wss://${host}/`, `${around.publicUrl.replace(/^http/, 'ws')}/`] as const,
  ]);
  const changed = Object.entries(declared).flatMap(([key, value]) =>
    here.filter(([remote]) => value.startsWith(remote)).map(([remote, local]) => [key, value.replace(remote, local)]),
  );
  const own = {
    ...around.settings.stageVariables,
    ISSUERS: JSON.stringify(around.issuers),
    PRIVATE_NETWORKS: LOOPBACK,
    WEB_PUSH_HOSTS: `${declared['WEB_PUSH_HOSTS']},${new URL(around.webPushOrigin).host}`,
    SOCKET_IDLE_S: String(around.settings.webSocketIdleMs / 1000),
  };
  const overriding = Object.entries(own).filter(([name]) => name in declared);
  return { ...Object.fromEntries(changed), ...Object.fromEntries(overriding) };
}
