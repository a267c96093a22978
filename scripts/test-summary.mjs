// The true sum of a test run, from vitest's JSON report and exit status. Pure.

const reasonInTitle = /\[needs (?<needs>[^\]]+)\]|\(skipped: (?<because>[^)]+)\)/;

/** Why a test was skipped, as its title or its suite's says; else its title, so that it can be asked about. */
function reasonOf({ fullName }) {
  const { needs, because } = fullName.match(reasonInTitle)?.groups ?? {};
  return because ?? (needs === undefined ? `no reason given: ${fullName}` : `needs ${needs}`);
}

/**
 * Passed and failed, with the lines to print above them. A test file that could not run, a check that failed
 * and an error outside any test count as failed, so that "0 failed" means that everything held.
 */
export function sumOf({ checks, status, results }) {
  const files = results?.testResults ?? [];
  const tests = files.flatMap((file) => file.assertionResults);
  const passed = tests.filter((test) => test.status === 'passed').length;
  const failedTests = tests.filter((test) => test.status === 'failed').length;
  const brokenFiles = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  const known = failedTests + brokenFiles.length;
  const unexplained = status !== 0 && known === 0 ? [`vitest ended with status ${status}; see above`] : [];

  const skipped = new Map();
  for (const test of tests) {
    if (test.status === 'passed' || test.status === 'failed') continue;
    const reason = reasonOf(test);
    skipped.set(reason, (skipped.get(reason) ?? 0) + 1);
  }
  return {
    passed,
    failed: known + checks.length + unexplained.length,
    lines: [
      ...[...skipped].map(([reason, count]) => `skipped: ${count} (${reason})`),
      ...checks.map((name) => `failed: ${name}`),
      ...brokenFiles.map((file) => `failed: ${file.name} could not run`),
      ...unexplained.map((reason) => `failed: ${reason}`),
    ],
  };
}
