import type { PushFormat } from '#wire/push/format.ts';

/** The part of a Firebase service account that we need. */
export interface ServiceAccount {
  readonly client_email: string;
  readonly private_key_id?: string | undefined;
  readonly private_key: string;
}

/** Workload Identity Federation: Google takes the AWS role of whoever asks for its credential, so that there is no key. */
export interface ExternalAccount {
  readonly audience: string;
  readonly subject_token_type: string;
  readonly token_url: string;
  /** The service account that the role acts as. Without it the role itself must have the right to push. */
  readonly service_account_impersonation_url?: string | undefined;
  readonly credential_source: {
    readonly environment_id: string;
    readonly regional_cred_verification_url: string;
  };
}

/** A Firebase project, and who pushes for it. */
export type Account = {
  readonly project_id: string;
  /** `carillon` if it is absent. */
  readonly format?: PushFormat | undefined;
} & (ServiceAccount | { readonly credential: ExternalAccount });

/** What two accounts have in common only if they get the same access tokens. */
export const identityOf = (account: Account): string =>
  JSON.stringify('credential' in account ? account.credential : [account.client_email, account.private_key]);

/** An access token from Google, and for how many seconds it is good. */
export interface Granted {
  readonly access_token: string;
  readonly expires_in: number;
}
