import type { StageFile } from '../stage.ts';

/** For your users. It does not synthesize before the origins and the addresses are yours. */
export const stage: StageFile = {
  production: true,
  // Of your web apps, such as 'https://app.example.com'.
  corsOrigins: [],
  // Who is mailed when calls fail now: pageEmail: 'oncall@example.com'.
  // Who is mailed about what can wait until morning: ticketEmail: 'team@example.com'.
  logRetentionDays: 30,
  rollout: 'canary',
};
