// Owns how a mocha run is told: readable lines as it goes, and its counts in a file at its end. The same
// reporter runs under the mocha command and inside an extension host, which has no console of ours.
//   RUNBOOK_TEST_RESULT  the file that gets the counts (none when unset)
//   RUNBOOK_TEST_OUTPUT  the file that gets the readable lines (the console when unset)

const { appendFileSync, writeFileSync } = require('node:fs');
const { format } = require('node:util');
const Mocha = require('mocha');

/**
 * @typedef {object} TestResult
 * @property {string} title with those of its suites
 * @property {'passed' | 'failed' | 'skipped'} state
 * @property {number} durationMs
 * @property {string} [error]
 */
/** @typedef {{ passed: number, failed: number, skipped: number, durationMs: number, tests: TestResult[] }} RunOfTests */

class Reporter extends Mocha.reporters.Spec {
  /** @param {Mocha.Runner} runner @param {Mocha.MochaOptions} options */
  constructor(runner, options) {
    const output = process.env.RUNBOOK_TEST_OUTPUT;
    if (output)
      Mocha.reporters.Base.consoleLog = (/** @type {unknown[]} */ ...values) =>
        appendFileSync(output, `${format(...values)}\n`);
    super(runner, options);
    const file = process.env.RUNBOOK_TEST_RESULT;
    if (!file) return;
    /** @type {TestResult[]} */
    const tests = [];
    /** @type {(test: Mocha.Runnable, state: TestResult['state'], error?: unknown) => void} */
    const note = (test, state, error) => {
      const one = { title: test.fullTitle(), state, durationMs: test.duration ?? 0 };
      tests.push(error === undefined ? one : { ...one, error: String(error) });
    };
    runner.on('pass', (test) => note(test, 'passed'));
    // Hooks that fail come here too: they are failures, though no tests.
    runner.on('fail', (test, error) => note(test, 'failed', error));
    runner.on('pending', (test) => note(test, 'skipped'));
    const startedAt = Date.now();
    runner.once('end', () => {
      /** @param {TestResult['state']} state */
      const count = (state) => tests.filter((test) => test.state === state).length;
      /** @type {RunOfTests} */
      const run = {
        passed: count('passed'),
        failed: count('failed'),
        skipped: count('skipped'),
        durationMs: Date.now() - startedAt,
        tests,
      };
      writeFileSync(file, JSON.stringify(run, null, 1));
    });
  }
}

module.exports = Reporter;
