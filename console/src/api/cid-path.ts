/** A cid as the end of a path: the type and the id of the call, each a segment. */
export function cidPath(cid: string): string {
  const colon = cid.indexOf(':');
  return `${encodeURIComponent(cid.slice(0, colon))}/${encodeURIComponent(cid.slice(colon + 1))}`;
}
