import { Validations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';

/** Says of a construct why it need not follow rules of AWS Solutions, by their short names. */
export function acknowledge(of: Construct, reasons: Readonly<Record<string, string>>): void {
  for (const [rule, reason] of Object.entries(reasons)) {
    Validations.of(of).acknowledge({ id: `AwsSolutions-${rule}`, reason });
  }
}
