import type { Reporter, TestCase, TestModule } from "vitest/node";

/**
 * A reporter that names what passed only when it was tried again, and says why it failed before: each is a race, of a
 * test or of what it tests.
 */
// oxlint-disable-next-line import/no-default-export -- vitest takes a reporter by its default export
export default class SecondTries implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const flaky = modules.flatMap((module) => [...module.children.allTests()].filter(isFlaky));
    if (flaky.length === 0) return;
    process.stdout.write("\nPassed only at the second try:\n");
    for (const test of flaky) {
      const { fullName, module, project } = test;
      process.stdout.write(`  ${project.name} › ${module.relativeModuleId} › ${fullName}\n`);
      // The diff has what the message cuts short: a program's output, say.
      for (const { message, diff = "" } of test.result().errors ?? []) {
        process.stdout.write(`    ${`${message}\n${diff}`.trimEnd().replaceAll("\n", "\n    ")}\n`);
      }
    }
  }
}

function isFlaky(test: TestCase): boolean {
  return test.diagnostic()?.flaky === true;
}
