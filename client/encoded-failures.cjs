/**
 * How failures are written where payloads are encrypted: their message and their stack go into a payload too. A module
 * of its own kind, because Temporal's SDK loads it by its path.
 */
const { DefaultFailureConverter } = require('@temporalio/common');

exports.failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
