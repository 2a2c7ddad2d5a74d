/** What a check found, in the one text that every surface tells. */
export { findingText } from '../domain/risk/finding.js';
