/** What to change at each step, in words. */
export const STEPS = `## What to change, and when

**1 000 calls a day.** Nothing. Most calls meet a cold start or two, since a function that nobody used for some minutes is gone: at this step latency is cold starts, and money is not a question. Where the first ring of the morning matters, keep the ring and the command function warm (provisioned concurrency of one each).

**100 000 calls a day.** Check in Service Quotas that the account has the defaults of the table above, since new accounts begin lower. Give the ring function reserved concurrency, so that no other function of the account can starve it. Cap the concurrency of the \`ring\` mapping, so that a push service that hangs does not hold the account's concurrency. Neither is set today. Keep ended calls for a week instead of a month (\`retentionDays\`), where storage shows on the bill.

**10 million calls a day.** Before it: raise API Gateway's requests and new connections and Lambda's concurrency to twice the busiest minute, and warm the table. Then, in the order of what they save:

1. Fewer frames: clients that send their candidates in batches, or with the answer, since frames are the largest part of the bill, and each is an invocation.
2. An account of its own for Carillon, since the request quota is shared by everything in an account and region.
3. A savings plan for Lambda; reserved capacity for the steady part of the table's load.

**Regions.** One region is enough up to here: a ring is one round trip to it and a push, and people wait seconds for a phone to be picked up. A second one is for those who must survive the loss of a region, or whose users are a quarter of a second away. Then: users homed by region (their connections and devices live there), the table a global table, a call in the region of its caller, and a relay between the two regions for the posts to a callee who is connected elsewhere. Conditional writes hold within one region only (a global table resolves conflicts by the last writer), so a call, and the busy lock of a user, must each have one region that decides. That is work that has not been done.
`;
