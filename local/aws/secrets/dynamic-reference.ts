import { requireSecret, type Secrets } from './secrets.ts';

/** `{{resolve:secretsmanager:<ARN>:SecretString:<key>:<stage>:<version>}}`, where everything after the ARN may be absent. */
const REFERENCE =
  /\{\{resolve:secretsmanager:(arn:(?:[^:}]*:){5}[^:}]+)(?::SecretString)?(?::([^:}]*))?(?::[^}]*)?\}\}/g;

/** Replaces the references to secrets in `text` with their current values, as CloudFormation does when it deploys. */
export const withSecrets = (text: string, secrets: Secrets): string =>
  text.replaceAll(REFERENCE, (_, arn: string, key = '') => {
    const { value } = requireSecret(secrets, arn);
    return key === '' ? value : String(JSON.parse(value)[key]);
  });
