import type { AttributeValue, Item } from './attribute-value.ts';

/**
 * The size of an item in bytes, as DynamoDB bills it.
 * @see https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export const itemSize = (item: Item): number =>
  Object.entries(item).reduce((bytes, [name, value]) => bytes + textSize(name) + valueSize(value), 0);

/** The overhead of a list or a map, and of each of its elements. */
const COLLECTION_BYTES = 3;
const ELEMENT_BYTES = 1;

function valueSize(value: AttributeValue): number {
  if ('S' in value) return textSize(value.S);
  if ('N' in value) return numberSize(value.N);
  if ('B' in value) return binarySize(value.B);
  if ('SS' in value) return sum(value.SS.map(textSize));
  if ('NS' in value) return sum(value.NS.map(numberSize));
  if ('BS' in value) return sum(value.BS.map(binarySize));
  if ('L' in value) return COLLECTION_BYTES + sum(value.L.map((element) => ELEMENT_BYTES + valueSize(element)));
  if ('M' in value) {
    const size = ([name, element]: [string, AttributeValue]) => ELEMENT_BYTES + textSize(name) + valueSize(element);
    return COLLECTION_BYTES + sum(Object.entries(value.M).map(size));
  }
  return 1;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0);

const textSize = (text: string): number => Buffer.byteLength(text);

const binarySize = (base64: string): number => Buffer.byteLength(base64, 'base64');

/** One byte, one more for every two significant digits, and one for the sign of a negative number. */
function numberSize(number: string): number {
  const [mantissa = ''] = number.split(/e/i);
  const significant = mantissa.replace(/[-+.]/g, '').replace(/^0+|0+$/g, '');
  return 1 + Math.ceil(significant.length / 2) + (number.startsWith('-') ? 1 : 0);
}
