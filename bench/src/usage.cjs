/**
 * Loaded into a measured process by `--require`, and so CommonJS: tells on descriptor 3, at the end, what the process used.
 */
const { readFileSync, writeSync } = require("node:fs");

let crashed = false;
process.on("uncaughtExceptionMonitor", () => {
  crashed = true;
});
process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  const cpuMs = (userCPUTime + systemCPUTime) / 1000;
  writeSync(3, JSON.stringify({ crashed, cpuMs, rssMb: (peak() ?? maxRSS) / 1024 }));
});

/** In KB. Linux's `maxRSS` counts what the parent held when it started this process. */
function peak() {
  if (process.platform !== "linux") return undefined;
  return Number(/VmHWM:\s*(\d+)/.exec(readFileSync("/proc/self/status", "utf8"))[1]);
}
