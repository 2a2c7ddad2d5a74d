/** How large a statement may be; apart from its reading, which most commands never need. */

/** A year of an active account is some 30 MB; beyond this it is no statement. */
export const XML_BYTES_MAX = 64 * 1024 * 1024;

/** What a document beyond the bound is refused with. */
export function tooLarge(): string {
  return `it has more than ${XML_BYTES_MAX} bytes: let the query cover a shorter time`;
}
