/** The catalogue of metrics, its page, and what the alerts and the dashboard take of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { projectRoot } from '../../scripts/lib/paths.mjs';
import type { MetricAbout } from '../../telemetry/metric.js';
import { updateMetricsPage } from '../../telemetry/page.js';
import { PROCESS_METRICS } from '../../telemetry/process-metrics.js';
import { SYSTEM_METRICS } from '../../telemetry/system-metrics.js';
import { metricsText } from '../../telemetry/text.js';
import {
  dashboard,
  expressions,
  labelsIn,
  metricsIn,
  parseMetrics,
  ruleGroups,
  scrapeConfig,
} from './support.js';

const CATALOGUE: Record<string, MetricAbout> = { ...SYSTEM_METRICS, ...PROCESS_METRICS };

describe('[OPS-4] the catalogue', () => {
  test('no name stands twice, and each is one of Prometheus', () => {
    const names = [...Object.keys(SYSTEM_METRICS), ...Object.keys(PROCESS_METRICS)];
    expect(new Set(names).size).toBe(names.length);
    for (const name of names) expect(name).toMatch(/^ballast_[a-z_]+$/);
  });

  test('counters end in _total, histograms in their unit, and no other does', () => {
    for (const [name, { kind, buckets = [] }] of Object.entries(CATALOGUE)) {
      expect([name, name.endsWith('_total')]).toEqual([name, kind === 'counter']);
      expect([name, buckets.length > 0]).toEqual([name, kind === 'histogram']);
      expect(buckets).toEqual([...buckets].sort((a, b) => a - b));
      if (kind === 'histogram') expect(name).toMatch(/_seconds$/);
    }
  });

  test('no label is an account, a symbol, a strategy or an id, nor one that Prometheus sets', () => {
    const labels = Object.values(CATALOGUE).flatMap(({ labels = {} }) => Object.keys(labels));
    expect(labels.filter((label) => ['job', 'instance'].includes(label))).toEqual([]);
    expect(labels.filter((label) => /account|symbol|strategy|id$|user|trade/.test(label))).toEqual(
      [],
    );
  });

  test('the page has all of it (node scripts/write-reference.mjs writes it)', () => {
    const page = readFileSync(join(projectRoot(), 'docs/metrics.md'), 'utf8');
    expect(page).toBe(updateMetricsPage(page));
  });
});

describe('[OPS-4] the text', () => {
  const abouts = {
    a_total: { kind: 'counter', from: 'system', help: 'two\nlines \\ here' },
    b_seconds: { kind: 'histogram', from: 'system', help: 'b', buckets: [0.5, 1] },
    c: { kind: 'gauge', from: 'system', help: 'c' },
  } as const;

  test('is one that Prometheus reads, whatever stands in it', () => {
    const text = metricsText(abouts, {
      a_total: [{ labels: { why: 'a "b" \\ c\nd' }, value: 3 }, { value: 1.5 }],
      b_seconds: { counts: [1, 2], count: 4, sum: 9.25 },
    });
    const read = parseMetrics(text);
    expect(read.get('a_total')?.type).toBe('counter');
    expect([...(read.get('a_total')?.samples ?? [])]).toEqual([
      ['{why="a \\"b\\" \\\\ c\\nd"}', 3],
      ['', 1.5],
    ]);
    expect([...(read.get('b_seconds')?.samples ?? [])]).toEqual([
      ['_bucket{le="0.5"}', 1],
      ['_bucket{le="1"}', 2],
      ['_bucket{le="+Inf"}', 4],
      ['_sum', 9.25],
      ['_count', 4],
    ]);
  });

  test('what nothing was found of is named, and has no value', () => {
    const read = parseMetrics(metricsText(abouts, {}));
    expect([...read.keys()]).toEqual(['a_total', 'b_seconds', 'c']);
    expect(read.get('c')?.samples.size).toBe(0);
  });
});

describe('[OPS-4] alerts and dashboard', () => {
  const rules = ruleGroups().flatMap((group) => group.rules);

  test('alerts are what Prometheus takes, and each says what to do', () => {
    expect(rules.length).toBeGreaterThan(20);
    expect(new Set(rules.map(({ alert }) => alert)).size).toBe(rules.length);
    for (const rule of rules) {
      const known = ['alert', 'expr', 'for', 'labels', 'annotations'];
      expect(Object.keys(rule).filter((key) => !known.includes(key))).toEqual([]);
      expect(rule.alert).toMatch(/^Ballast[A-Z]\w+$/);
      expect(rule.for ?? '1m').toMatch(/^\d+[smh]$/);
      expect(['page', 'warn', 'info']).toContain(rule.labels.severity);
      expect(rule.annotations.summary.length).toBeGreaterThan(10);
      expect(rule.annotations.action.length).toBeGreaterThan(10);
      expect([rule.alert, isBalanced(rule.expr)]).toEqual([rule.alert, true]);
    }
  });

  test('Prometheus is told of the alerts, and of each process', () => {
    const { rule_files: files, scrape_configs: jobs } = scrapeConfig();
    expect(files).toEqual(['alerts.yml']);
    expect(jobs.map((job) => job.job_name).sort()).toEqual([
      'ballast',
      'ballast-broker-worker',
      'ballast-notifier',
      'ballast-trade-worker',
      'ballast-watchdog',
    ]);
  });

  test('panels stand side by side, none over another, each with its own id', () => {
    const { panels } = dashboard();
    expect(panels.length).toBeGreaterThan(20);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { h, w, x, y } }) => {
      expect(x + w).toBeLessThanOrEqual(24);
      return Array.from({ length: h * w }, (_, n) => `${x + (n % w)}/${y + Math.floor(n / w)}`);
    });
    expect(new Set(cells).size).toBe(cells.length);
  });

  test.each(expressions())('%s asks for metrics and labels that there are', (_name, expr) => {
    expect(isBalanced(expr)).toBe(true);
    const own = metricsIn(expr).filter((name) => name.startsWith('ballast_'));
    expect(own.filter((name) => !(name in CATALOGUE))).toEqual([]);
    const picked = labelsIn(expr).filter(({ metric }) => metric.startsWith('ballast_'));
    const unknown = picked.filter(
      ({ metric, label }) => !(label in (CATALOGUE[metric]?.labels ?? {})),
    );
    expect(unknown).toEqual([]);
  });
});

function isBalanced(expr: string): boolean {
  const depth = [...expr].reduce((open, sign) => {
    if (open < 0) return open;
    return open + (sign === '(' ? 1 : sign === ')' ? -1 : 0);
  }, 0);
  return depth === 0 && expr.split('"').length % 2 === 1;
}
