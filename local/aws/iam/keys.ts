import { randomBytes } from 'node:crypto';
import type { Settings } from '../../settings.ts';
import { ACCOUNT } from '../template/physical.ts';
import type { AwsKey } from './signature.ts';

/** The keys that are good for this stack. */
export interface Keys {
  /** Makes a key of a role for one process of a function. */
  issue(role: string, functionName: string): AwsKey;
  find(accessKeyId: string): AwsKey | undefined;
  /** Whether a key is an operator's, who may do everything. */
  isOperator(key: AwsKey): boolean;
}

/** Starts with the key of whoever runs the stack. */
export function openKeys({ credentials: of }: Pick<Settings, 'credentials'>): Keys {
  const operator: AwsKey = {
    accessKeyId: of['AWS_ACCESS_KEY_ID'] ?? '',
    secretAccessKey: of['AWS_SECRET_ACCESS_KEY'] ?? '',
    sessionToken: of['AWS_SESSION_TOKEN'],
    arn: `arn:aws:iam::${ACCOUNT}:user/operator`,
  };
  const keys = new Map([[operator.accessKeyId, operator]]);
  return {
    issue(role, functionName) {
      const key = {
        accessKeyId: `ASIA${randomBytes(8).toString('hex').toUpperCase()}`,
        secretAccessKey: randomBytes(30).toString('base64'),
        sessionToken: randomBytes(60).toString('base64'),
        arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${functionName}`,
      };
      keys.set(key.accessKeyId, key);
      return key;
    },
    find: (id) => keys.get(id),
    isOperator: (key) => key === operator,
  };
}
