/** What to change as the number of calls grows. */
export const STEPS = `## What to change, and when

**1 000 calls a day.** Nothing. Most calls meet a cold start or two. If the first ring of the morning matters, give the ring and the command function a provisioned concurrency of one each.

**100 000 calls a day.** Check in Service Quotas that the account has the defaults above; new accounts start lower. Give the ring function reserved concurrency, so that no other function starves it. The \`ring\` queue causes at most 100 invocations at once; raise that (\`infra/constructs/work-queues.ts\`) if more than a thousand phones ring at the same moment. If storage shows on the bill, keep ended calls for a week (\`retentionDays\`).

**10 million calls a day.** Raise API Gateway's requests and new connections and Lambda's concurrency to twice the busiest minute in time, and warm the table. Then, in the order of what they save:

1. Fewer frames, the largest part of the bill: let clients send their candidates in batches, or with the answer.
2. A separate account for Carillon, since everything in an account and region shares the request quota.
3. A savings plan for Lambda; reserved capacity for the steady part of the table's load.

**Regions.** One region is enough for all of this. You need a second one only to survive the loss of the first, or if users are a quarter of a second away. Then give each user a home region for their connections and devices, make the table a global table, keep each call in the region of its caller, and relay posts to callees in the other region. Conditional writes hold only within one region, so each call, and each user's busy lock, must have one region that decides. None of this has been built.
`;
