/** What comes in, read by zod: the schemas that the document is written from. */
import type { FastifySchemaCompiler } from 'fastify';
import type { z } from 'zod';
import { Problem, type ProblemIssue } from './problems.js';

/** The parts of a request, as people name them. */
const PARTS: Readonly<Record<string, string>> = {
  body: 'body',
  headers: 'header',
  params: 'path',
  querystring: 'query',
};

/** Reads one part of a request; what is wrong with it is told by path. */
export const validatorCompiler: FastifySchemaCompiler<z.ZodType> = ({ schema, httpPart }) => {
  const part = PARTS[httpPart ?? ''] ?? 'request';
  return (data: unknown) => {
    // A body that did not come is null here.
    const given = data === null && part === 'body' ? undefined : data;
    const read = schema.safeParse(given, { reportInput: true });
    if (read.success) return { value: read.data };
    const errors = read.error.issues.flatMap((issue) => issuesOf(part, issue));
    const told = errors.map(({ path, message }) => `${path}: ${message}`).join('; ');
    return { error: new Problem('INVALID_REQUEST', told, { errors }) };
  };
};

function issuesOf(part: string, issue: z.core.$ZodIssue): ProblemIssue[] {
  const path = [part, ...issue.path.map(String)].join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({ path: `${path}.${key}`, message: 'is not known here' }));
  }
  const isMissing = issue.code === 'invalid_type' && issue.input === undefined;
  return [{ path, message: isMissing ? 'is required' : issue.message }];
}
