import { createHmac, timingSafeEqual } from 'node:crypto';

// A ring hook as an AWS Lambda function with a function URL: nobody is rung between ten at night and seven in the
// morning, and nobody rings "quiet-…" at all. SECRET is the one in the secret `ring-hook`.

const key = Buffer.from((process.env.SECRET ?? '').replace(/^whsec_/, ''), 'base64');
const MAX_AGE_S = 300;

/** Whether Carillon sent this, and just now (Standard Webhooks). */
function isGenuine(headers, body) {
  const id = headers['webhook-id'];
  const timestamp = headers['webhook-timestamp'];
  if (Math.abs(Date.now() / 1000 - Number(timestamp)) > MAX_AGE_S) return false;
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  return (headers['webhook-signature'] ?? '').split(' ').some((signature) => {
    const sent = Buffer.from(signature.replace(/^v1,/, ''), 'base64');
    return sent.length === expected.length && timingSafeEqual(sent, expected);
  });
}

const answer = (statusCode, body) => ({ statusCode, body: JSON.stringify(body) });

export const handler = async ({ headers, body }) => {
  if (!isGenuine(headers, body)) return answer(401, {});
  const { callees } = JSON.parse(body);
  const hour = Number(process.env.HOUR ?? new Date().getUTCHours());
  if (hour >= 22 || hour < 7) return answer(200, { allow: false, reason: 'it is night' });
  return answer(200, { callees: callees.filter((userId) => !userId.startsWith('quiet-')) });
};
