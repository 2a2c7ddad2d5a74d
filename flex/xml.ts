/**
 * Reading XML that came from outside: strict, in one pass, bounded, and without anything that a document could declare. A
 * document type is refused, so there are no entities but the five of XML itself, and nothing is ever fetched or expanded.
 */
import { SaxesParser } from 'saxes';
import { FlexError } from './error.js';
import { tooLarge, XML_BYTES_MAX } from './limits.js';

/** Statements nest four deep. */
const DEPTH_MAX = 16;
/** A row of a query with every field has about 150. */
const ATTRIBUTES_MAX = 500;
/** Descriptions have some hundred characters. */
const VALUE_CHARACTERS_MAX = 10_000;
/** Given to the parser at a time, so that a wrong document ends early. */
const CHUNK_CHARACTERS = 64 * 1024;

export type Attributes = Readonly<Record<string, string>>;

export interface XmlReader {
  /** An element begins; `path` has its name last. */
  open(path: readonly string[], attributes: Attributes): void;
  /** Text within an element; it may come in parts. */
  text?(path: readonly string[], text: string): void;
}

/**
 * Reads a document to its end.
 * @throws FlexError that names the line, when it is not well formed or beyond a bound
 */
export function readXml(xml: string, reader: XmlReader): void {
  // A character has at most three bytes in UTF-8 that JavaScript counts as one.
  if (xml.length > XML_BYTES_MAX) throw new FlexError(tooLarge());
  const parser = new SaxesParser();
  const path: string[] = [];
  const refuse = (why: string): never => {
    throw new FlexError(`line ${parser.line}: ${why}`);
  };
  parser.on('error', (error) => refuse(`this is no well-formed XML (${reasonOf(error)})`));
  parser.on('doctype', () => refuse('it declares a document type, which no statement does'));
  parser.on('opentag', ({ name, attributes }) => {
    const values = Object.values(attributes);
    if (values.length > ATTRIBUTES_MAX) refuse(`more than ${ATTRIBUTES_MAX} attributes`);
    if (values.some((value) => value.length > VALUE_CHARACTERS_MAX)) {
      refuse(`an attribute of more than ${VALUE_CHARACTERS_MAX} characters`);
    }
    path.push(name);
    if (path.length > DEPTH_MAX) refuse(`elements nest deeper than ${DEPTH_MAX}`);
    reader.open(path, attributes);
  });
  parser.on('text', (text) => reader.text?.(path, text));
  parser.on('closetag', () => void path.pop());
  const content = xml.startsWith('\uFEFF') ? xml.slice(1) : xml;
  for (let from = 0; from < content.length; from += CHUNK_CHARACTERS) {
    parser.write(content.slice(from, from + CHUNK_CHARACTERS));
  }
  parser.close();
}

/** The parser's own words without the place, which is told in front. */
function reasonOf({ message }: Error): string {
  return message.replace(/^\d+:\d+: /, '').replace(/\.$/, '');
}
