import { AUDIENCE } from '#local/push/fcm/federation.ts';

/** A service account that the federation of the fakes lets the role of the ring function act as. */
const PUSHER = 'push-sender@carillon-local.iam.gserviceaccount.com';

/** The file that `gcloud iam workload-identity-pools create-cred-config --aws` writes. */
export const keylessCredential = (change: object = {}) => ({
  universe_domain: 'googleapis.com',
  type: 'external_account',
  audience: AUDIENCE,
  subject_token_type: 'urn:ietf:params:aws:token-type:aws4_request',
  service_account_impersonation_url: `https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/${PUSHER}:generateAccessToken`,
  token_url: 'https://sts.googleapis.com/v1/token',
  credential_source: {
    environment_id: 'aws1',
    region_url: 'http://169.254.169.254/latest/meta-data/placement/availability-zone',
    url: 'http://169.254.169.254/latest/meta-data/iam/security-credentials',
    regional_cred_verification_url: 'https://sts.{region}.amazonaws.com?Action=GetCallerIdentity&Version=2011-06-15',
  },
  ...change,
});
