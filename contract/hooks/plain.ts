/** The template `plain`: the alert has the signal's own fields. */
import { unfilled, type Template } from './template.js';

export const plain: Template = {
  summary: "the signal's own fields, as docs/signals.md has them",
  map: (alert) => ({ signal: alert, sources: {}, issues: unfilled(alert) }),
};
