/** The token in an `Authorization` header, with or without its scheme. */
export const bearerToken = (header: string | undefined): string | undefined => {
  const token = (header ?? '').replace(/^Bearer(?:\s+|$)/i, '').trim();
  return token === '' ? undefined : token;
};
