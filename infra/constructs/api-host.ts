import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** The host name that API Gateway gives the API `apiId`, which is in the stack of `scope`. */
export function apiHost(scope: Construct, apiId: string): string {
  const { region, urlSuffix } = Stack.of(scope);
  return `${apiId}.execute-api.${region}.${urlSuffix}`;
}
