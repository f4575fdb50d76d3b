/**
 * `node worker.mjs CLIENT JOB PARAMETERS`: has a client do a job, and prints what it took, without the loading of the
 * client, and what came of it.
 */
const [client, job, parameters] = process.argv.slice(2);
const { jobs } = await import(`./clients/${client}.mjs`);

let started;
let took;
const timer = {
  /** What was before does not count. */
  start() {
    started = { ms: performance.now(), cpu: process.cpuUsage() };
  },
  /** What is compared is not the time of the whole job, but this. */
  took(ms) {
    took = ms;
  },
};
timer.start();
const answer = await jobs[job](JSON.parse(parameters), timer);
const ms = took ?? performance.now() - started.ms;
const { user, system } = process.cpuUsage(started.cpu);
console.log(JSON.stringify({ ms, cpuMs: (user + system) / 1000, answer }));
