/**
 * Loaded into a measured process by `--require`, and so CommonJS: tells on descriptor 3, at the end, how it went and how
 * much memory the process held.
 */
const { writeSync } = require("node:fs");

let crashed = false;
process.on("uncaughtExceptionMonitor", () => {
  crashed = true;
});
process.on("exit", () => {
  writeSync(3, JSON.stringify({ crashed, rssMb: process.resourceUsage().maxRSS / 1024 }));
});
