import { randomBytes } from 'node:crypto';
import type { Settings } from '../../settings.ts';
import { ACCOUNT } from '../template/physical.ts';
import type { AwsKey } from './signature.ts';

/** The keys that are good for this stack. */
export interface Keys {
  /** Makes a key of a role for one process of a function. */
  issue(role: string, functionName: string): AwsKey;
  find(accessKeyId: string): AwsKey | undefined;
}

const operatorKey = (accessKeyId: string, secretAccessKey: string, sessionToken?: string): AwsKey => ({
  accessKeyId,
  secretAccessKey,
  sessionToken,
  arn: `arn:aws:iam::${ACCOUNT}:user/operator`,
});

/** Starts with the keys of whoever runs the stack: `local`, which the tools sign with, and that of the user's own DynamoDB. */
export function openKeys({ credentials: of }: Pick<Settings, 'credentials'>): Keys {
  const operators = [
    operatorKey('local', 'local'),
    // The functions sign with it, so it counts even if it is named `local`, too.
    operatorKey(of['AWS_ACCESS_KEY_ID'] ?? '', of['AWS_SECRET_ACCESS_KEY'] ?? '', of['AWS_SESSION_TOKEN']),
  ];
  const keys = new Map(operators.map((key) => [key.accessKeyId, key]));
  return {
    issue(role, functionName) {
      const key: AwsKey = {
        accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
        secretAccessKey: randomBytes(30).toString('base64'),
        sessionToken: randomBytes(60).toString('base64'),
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${functionName}`,
        functionName,
      };
      keys.set(key.accessKeyId, key);
      return key;
    },
    find: (id) => keys.get(id),
  };
}
