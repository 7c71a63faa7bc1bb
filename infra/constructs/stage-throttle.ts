import type { ThrottleSettings } from 'aws-cdk-lib/aws-apigatewayv2';

/**
 * What one API takes at most. The account's own limit in a region, 10 000 requests a second and 5000 at once, also has to
 * serve the other APIs, the posts to connections, and whatever else runs in the account.
 */
export const STAGE_THROTTLE: ThrottleSettings = { rateLimit: 4000, burstLimit: 2000 };
