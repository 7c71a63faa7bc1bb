import { SecretValue } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { StageSettings } from '../stage.ts';

/** The field with the value that the distribution sends. The functions accept every field of the secret. */
const SENT = 'current';

/**
 * What the distribution shows to the APIs, which refuse everybody else. CloudFormation writes it into the distribution and
 * into the environment of the functions, so that no request and no cold start reads it.
 */
export class EdgeSecret extends Construct {
  readonly secret: Secret;
  readonly #versionId: string | undefined;

  constructor(scope: Construct, id: string, { edgeSecretVersion }: Pick<StageSettings, 'edgeSecretVersion'>) {
    super(scope, id);
    this.#versionId = edgeSecretVersion;
    this.secret = new Secret(this, 'Secret', {
      description: 'Carillon: what CloudFront shows to the APIs; current is sent, every other field is accepted, too',
      generateSecretString: {
        secretStringTemplate: '{}',
        generateStringKey: SENT,
        excludePunctuation: true,
        passwordLength: 48,
      },
    });
  }

  /** The value of the distribution's header. */
  get sent(): string {
    return this.#read(SENT);
  }

  /** Every accepted value by its name, as JSON. */
  get accepted(): string {
    return this.#read();
  }

  #read(jsonField?: string): string {
    const options = {
      ...(jsonField !== undefined && { jsonField }),
      ...(this.#versionId !== undefined && { versionId: this.#versionId }),
    };
    return SecretValue.secretsManager(this.secret.secretArn, options).unsafeUnwrap();
  }
}
