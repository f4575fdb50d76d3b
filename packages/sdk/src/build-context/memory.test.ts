import { execFile } from "node:child_process";
import { mkdir, truncate, writeFile } from "node:fs/promises";
import { promisify } from "node:util";
import { tempDir } from "test-support/temp-dir";
import { expect, it } from "vitest";

const script = `
  const { packContext } = await import(process.argv[1]);
  const { stream } = await packContext({ directory: process.argv[2], reuseMemory: process.argv[3] === "true" });
  let bytes = 0;
  for await (const chunk of stream) bytes += chunk.length;
  console.log(JSON.stringify({ bytes, peak: process.resourceUsage().maxRSS * 1024 }));
`;

it.each([true, false])("packs 1 GiB in constant memory (reuseMemory: %s)", async (reuseMemory) => {
  await using folder = await tempDir();
  await writeFile(folder.join("Dockerfile"), "FROM scratch\n");
  await writeFile(folder.join("big"), "");
  await truncate(folder.join("big"), 910 * 2 ** 20);
  await mkdir(folder.join("small"));
  for (let index = 0; index < 2000; index++) {
    await writeFile(folder.join(`small/${index}`), "");
    await truncate(folder.join(`small/${index}`), 62 * 1024);
  }

  const module = new URL("folder-context.ts", import.meta.url).href;
  const run = ["--conditions=source", "--import=tsx", "--input-type=module", "--eval", script];
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...run,
    module,
    folder.path,
    String(reuseMemory),
  ]);
  const { bytes, peak } = JSON.parse(stdout) as { bytes: number; peak: number };

  process.stdout.write(
    `peak of packing 1 GiB (reuseMemory: ${reuseMemory}): ${Math.round(peak / 2 ** 20)} MiB\n`,
  );
  expect(bytes).toBeGreaterThan(2 ** 30);
  expect(peak).toBeLessThan(200 * 2 ** 20);
});
