import { AwsClient, JWT } from 'google-auth-library';
import type { ExternalAccount, Granted, ServiceAccount } from './account.ts';
import { agentTo } from './endpoint-agent.ts';

// A file of its own in the ring function, loaded only if a provider asks for it: it imports none of our code that the rest needs, too.

const SCOPES = ['https://www.googleapis.com/auth/firebase.messaging'];

/** A token for a service account, by its private key. */
export function tokenOfServiceAccount(account: ServiceAccount, endpoint: string | undefined): Promise<Granted> {
  const { client_email: email, private_key: key, private_key_id: keyId } = account;
  return grantedTo(
    new JWT({ email, key, ...(keyId && { keyId }), scopes: SCOPES, transporterOptions: { agent: agentTo(endpoint) } }),
  );
}

/** A token for whoever the AWS credentials in the environment belong to. */
export function tokenOfExternalAccount(credential: ExternalAccount, endpoint: string | undefined): Promise<Granted> {
  const { audience, subject_token_type, credential_source, token_url, service_account_impersonation_url } = credential;
  return grantedTo(
    new AwsClient({
      audience,
      subject_token_type,
      credential_source,
      token_url: at(endpoint, token_url),
      ...(service_account_impersonation_url && {
        service_account_impersonation_url: at(endpoint, service_account_impersonation_url),
      }),
      scopes: SCOPES,
    }),
  );
}

/** Clients keep their tokens. Each of these is asked once, since a token that is asked for is one that is missing. */
async function grantedTo(client: AwsClient | JWT): Promise<Granted> {
  const { token } = await client.getAccessToken();
  const expiresAt = client.credentials.expiry_date;
  if (!token || !expiresAt) throw new Error('Google has given no access token');
  return { access_token: token, expires_in: (expiresAt - Date.now()) / 1000 };
}

/** The same path at another place, if there is one. */
const at = (endpoint: string | undefined, url: string): string =>
  endpoint === undefined ? url : new URL(new URL(url).pathname, endpoint).href;
