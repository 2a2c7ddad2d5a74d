/** What of others' text reaches a terminal. */
import { expect, test } from '@jest/globals';
import { processIo } from '../../cli/io.js';
import { jsonText, paint } from '../../cli/print.js';

/** What the process's own output is given. */
function written(what: (io: ReturnType<typeof processIo>) => void): string {
  const { stdout } = process;
  const { write } = stdout;
  let text = '';
  stdout.write = (chunk: string) => {
    text += chunk;
    return true;
  };
  try {
    what(processIo());
  } finally {
    stdout.write = write;
  }
  return text;
}

test('[CLI-1] a reason that somebody wrote wipes no line, moves nothing and hides nothing', () => {
  const reason = 'fine\u001b[2K\u001b[1A\u001b[8mhidden\u001b]0;title\u0007\r\u009b2J\u202e';
  const text = written((io) => io.out(`approved: ${reason}\n\tnext\n`));
  // eslint-disable-next-line no-control-regex -- it is what must not be there
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202e]/);
  expect(text).toContain('\n\tnext\n');
  expect(text).toContain('fine\\u001b[2K');
});

test('[CLI-1] its own colours stay, and a JSON document says the same as before', () => {
  const red = paint({ hasColours: true }, 'red', 'lost');
  expect(written((io) => io.out(red))).toBe(red);
  const value = { reason: 'a\u009b2J\u202eb\u007f\n' };
  expect(JSON.parse(written((io) => io.out(jsonText(value))))).toEqual(value);
});
