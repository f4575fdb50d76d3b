/** Dockerfiles whose steps do random things to a tree, the same for the same seed. */

/** mulberry32: tests must fail again the same way. */
function randomNumbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

const names = ["a", "b", "ccc", "ünï", "日本", "with space", "-dash", "[", "z".repeat(120), "🐳"];

export function randomDockerfile(image: string, label: string, seed: number): string {
  const random = randomNumbers(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(values: readonly T[]): T => values[below(values.length)] as T; // none of the lists is empty
  const folder = (): string => ["/t", ...Array.from({ length: below(3) }, () => pick(names))].join("/");
  const quote = (path: string): string => `'${path}'`;
  const path = (): string => quote(`${folder()}/${pick(names)}`);

  // Whatever a step cannot do, such as a link to what is not there, it leaves.
  const actions: readonly (() => string)[] = [
    () => `mkdir -p ${quote(folder())}`,
    () => `mkdir -p ${path()}`,
    () => `echo ${below(1e9)} > ${path()}`,
    () => `head -c ${below(70_000)} /bin/busybox > ${path()}`,
    () => `echo more >> ${path()}`,
    () => `ln -s ${pick(["a", "../b", "/etc/passwd", "nowhere", "'z z'"])} ${path()}`,
    () => `ln ${path()} ${path()}`,
    () => `ln -f ${path()} ${path()}`,
    () => `chmod ${pick(["600", "755", "4755", "2711", "1777", "0"])} ${path()}`,
    () => `chown ${pick(["1:2", "1000:1000", "0:0", "65534:3", "3000000:4"])} ${path()}`,
    () => `chown -h 5:6 ${path()}`,
    () => `rm -f ${path()}`,
    () => `rm -rf ${path()}`,
    () => `d=${quote(folder())}; rm -rf "$d" && mkdir -p "$d"`,
    () => `p=${path()}; rm -rf "$p" && mkdir "$p" && echo in > "$p/in"`,
    () => `p=${path()}; rm -rf "$p" && echo file > "$p"`,
    () => `p=${path()}; rm -rf "$p" && ln -s a "$p"`,
    // Under names that nothing else takes: writing to a FIFO waits for its reader.
    () => `mkfifo ${path().replace(/'$/, ".pipe'")}`,
    () => `mv ${path()} ${path()}`,
    () => `cp -a ${path()} ${path()}`,
    () => `touch ${path()}`,
  ];
  const step = (): string =>
    `RUN ${Array.from({ length: 8 + below(20) }, () => pick(actions)()).join("; ")}; true`;
  const lines = [`FROM ${image}`, `LABEL ${label}=layers`, "RUN mkdir -p /t/a /t/b"];
  for (let count = 2 + below(4); count > 0; count--) {
    lines.push(random() < 0.15 ? `ENV STEP=${count}` : step());
  }
  return `${lines.join("\n")}\n`;
}
