import { beforeAll, inject } from 'vitest';
import { waitForAws } from './patient-aws.ts';

/** Points the SDK at the embedded DynamoDB in this test file. */
export const useEmbeddedTable = (): void =>
  beforeAll(() => {
    waitForAws();
    Object.assign(process.env, {
      AWS_ENDPOINT_URL_DYNAMODB: inject('dynamodb').endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'x',
      AWS_SECRET_ACCESS_KEY: 'x',
    });
  });
