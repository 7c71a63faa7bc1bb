/** The answer of a ring hook, as a Lambda function URL takes it. */
export const handler: (event: {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}) => Promise<{ readonly statusCode: number; readonly body: string }>;
