/** What to change as the number of calls grows. */
export const STEPS = `## What to change, and when

**1 000 calls a day.** Nothing. Most calls meet a cold start or two, since Lambda removes a function that was not used for some minutes. Cold starts determine the latency, and cost does not matter yet. If the first ring of the morning matters, keep the ring and the command function warm (a provisioned concurrency of one each).

**100 000 calls a day.** Check in Service Quotas that the account has the defaults of the table above, since new accounts start lower. Give the ring function reserved concurrency, so that no other function of the account can starve it, which is not set today. The \`ring\` queue causes at most 100 invocations at once, so that a push service that hangs does not use up the account's concurrency; raise that (\`infra/constructs/work-queues.ts\`) if more than a thousand phones ring at the same moment. If storage shows on the bill, keep ended calls for a week instead of a month (\`retentionDays\`).

**10 million calls a day.** Before you get there, raise API Gateway's requests and new connections and Lambda's concurrency to twice the busiest minute, and warm the table. Then, in the order of what they save:

1. Fewer frames: let clients send their candidates in batches, or with the answer. Frames are the largest part of the bill, and each is an invocation.
2. A separate account for Carillon, since everything in an account and region shares the request quota.
3. A savings plan for Lambda; reserved capacity for the steady part of the table's load.

**Regions.** One region is enough for all of the above: a ring takes one round trip to it and a push, and people wait seconds for somebody to answer. You need a second region only to survive the loss of the first, or if users are a quarter of a second away. In that case, give each user a home region, where their connections and devices are, make the table a global table, keep each call in the region of its caller, and relay posts to callees who are connected to the other region. Conditional writes hold only within one region (a global table lets the last writer win), so each call, and each user's busy lock, must have one region that decides. None of this has been built.
`;
