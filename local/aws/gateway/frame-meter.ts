/** Reads the bytes of one client's WebSocket stream and reports the length of every data frame as soon as its header is there. */
export function frameMeter(onDataFrame: (length: number) => void): (chunk: Buffer) => void {
  let header = Buffer.alloc(0);
  let payloadLeft = 0;

  return (chunk) => {
    let rest = chunk;
    while (rest.length > 0) {
      if (payloadLeft > 0) {
        const skipped = Math.min(payloadLeft, rest.length);
        payloadLeft -= skipped;
        rest = rest.subarray(skipped);
        continue;
      }
      const before = header.length;
      header = Buffer.concat([header, rest.subarray(0, 14)]);
      const frame = parseHeader(header);
      if (!frame) return;
      rest = rest.subarray(frame.headerLength - before);
      header = Buffer.alloc(0);
      payloadLeft = frame.payloadLength;
      if (frame.opcode < 8) onDataFrame(frame.payloadLength);
    }
  };
}

/** @see https://www.rfc-editor.org/rfc/rfc6455#section-5.2 */
function parseHeader(bytes: Buffer): { headerLength: number; payloadLength: number; opcode: number } | undefined {
  const [first, second] = bytes;
  if (first === undefined || second === undefined) return undefined;
  const short = second & 0x7f;
  const extended = short === 127 ? 8 : short === 126 ? 2 : 0;
  const headerLength = 2 + extended + (second & 0x80 ? 4 : 0);
  if (bytes.length < headerLength) return undefined;
  const long = () => (extended === 8 ? Number(bytes.readBigUInt64BE(2)) : bytes.readUInt16BE(2));
  return { headerLength, payloadLength: extended === 0 ? short : long(), opcode: first & 0x0f };
}
