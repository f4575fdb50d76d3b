/** Dockerfiles and changes by chance, for the forecast of what a change runs again. */

/** One Dockerfile, its context, and what changes. */
export interface CacheSample {
  readonly text: string;
  readonly files: Readonly<Record<string, string>>;
  readonly target: string | undefined;
  readonly changes: readonly { readonly touched: readonly string[]; readonly args: readonly string[] }[];
}

/** A generator of numbers from 0 to 1 that a seed determines (mulberry32). */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const PATHS = [
  "package.json",
  "main.c",
  "notes.md",
  ".env",
  "src/a.txt",
  "src/b.md",
  "src/deep/c.txt",
  "src/deep/d.md",
  "conf/x.ini",
  "conf/y.ini",
];
/** Ignore files, and which of the paths they keep out: a source has to be there. */
const IGNORES: readonly { readonly text: string; readonly drops: RegExp }[] = [
  { text: "*.md", drops: /^[^/]*\.md$/ },
  { text: "src/deep", drops: /^src\/deep/ },
  { text: "**/*.md", drops: /\.md$/ },
  { text: "conf/*\n!conf/x.ini", drops: /^conf\/y/ },
  { text: ".env", drops: /^\.env$/ },
  { text: "src\n!src/a.txt", drops: /^src\/(?!a)/ },
  { text: "*\n!src", drops: /^(?!src\/)/ },
  { text: "/main.c", drops: /^main/ },
];
/** What COPY takes, and what has to be there for it. */
const SOURCES: readonly { readonly text: string; readonly needs: readonly string[] }[] = [
  { text: "package.json", needs: ["package.json"] },
  { text: "main.c", needs: ["main.c"] },
  { text: "src", needs: ["src/a.txt"] },
  { text: "src/", needs: ["src/a.txt"] },
  { text: "./src/deep", needs: ["src/deep/c.txt"] },
  { text: "conf", needs: ["conf/x.ini"] },
  { text: ".", needs: ["src/a.txt"] },
  { text: "*.json", needs: ["package.json"] },
  { text: "src/*.txt", needs: ["src/a.txt"] },
  { text: "s*", needs: ["src/a.txt"] },
  { text: "conf/?.ini", needs: ["conf/x.ini"] },
  { text: "package.json main.c", needs: ["package.json", "main.c"] },
  { text: "src/a.txt conf/x.ini", needs: ["src/a.txt", "conf/x.ini"] },
];
const TARGETS = ["/app/", "/app", ".", "./", "/srv/deep/", "/"];

/** What a sample is for. */
export interface SampleFor {
  readonly image: string;
  readonly builder: "buildkit" | "classic";
  /** Makes its steps those of nobody else. */
  readonly mark: string;
  /** Whether the builder knows what came after 20.10: heredocs and --link. */
  readonly isNewer: boolean;
}

/** The sample of a seed. */
export function cacheSample(seed: number, { image, builder, mark, isNewer }: SampleFor): CacheSample {
  const next = numbers(seed);
  const chance = (share: number): boolean => next() < share;
  const pick = <Item>(items: readonly Item[]): Item => {
    const item = items[Math.floor(next() * items.length)];
    if (item === undefined) throw new Error("there is nothing to pick from");
    return item;
  };
  const ignore = chance(0.4) ? pick(IGNORES) : undefined;
  const sent = SOURCES.filter(({ needs }) => needs.every((path) => ignore?.drops.test(path) !== true));
  const sources = (among: readonly string[]): string => {
    const left = sent.filter(({ text }) => among.includes(text));
    return pick(left.length > 0 ? left : sent).text;
  };
  const all = SOURCES.map(({ text }) => text);
  const count = 1 + Math.floor(next() * 3);
  const names = Array.from({ length: count }, (_, index) => `s${index}`);
  const globals = chance(0.3) ? [`ARG G=1`] : [];
  const lines = [...globals];

  const run = (earlier: readonly string[]): string => {
    const plain = [
      "true",
      "echo x > /app/fixed",
      "ls / > /dev/null",
      "cat /etc/passwd > /app/copied",
      "mkdir -p /app/made",
      "cp -r /app/first /app/kept",
      "echo $A > /app/said",
      "rm -rf /app/deep /app/a.txt",
      "cat /app/first/* > /app/told 2> /dev/null; true",
      "find /app -type f | sort > /app/names",
    ];
    if (builder === "classic" || chance(0.6)) return `RUN ${pick(plain)}`;
    const stage =
      earlier.length > 0 && chance(0.5)
        ? `from=${pick(earlier)},source=/app`
        : `source=${sources(["src", "conf", "package.json"])}`;
    const mount = pick([
      `type=bind,${stage},target=/mnt/in`,
      "type=cache,target=/mnt/cache",
      "type=tmpfs,target=/mnt/tmp",
    ]);
    return `RUN --mount=${mount} ${pick(plain)}`;
  };

  for (const [index, name] of names.entries()) {
    const earlier = names.slice(0, index);
    const base = earlier.length > 0 && chance(0.3) ? pick(earlier) : image;
    lines.push(`FROM ${base} AS ${name}`, `ENV MARK=${mark}-${index}`);
    if (index > 0 && base === image) {
      lines.push(`COPY --from=${pick(earlier)} ${pick(["/app/first", "/app"])} /start/`);
    }
    // What others copy from is always there. It comes first, so that no two Dockerfiles begin alike.
    lines.push(`COPY ${sources(["package.json", "src"])} /app/first/`, "WORKDIR /app");
    const step = (): string => {
      const kind = next();
      if (kind < 0.3) return `COPY ${sourcesAnd(sources(all), pick(TARGETS))}`;
      if (kind < 0.46 && earlier.length > 0) {
        const taken = pick(["/app/first", "/app", "/app/first/*"]);
        return `COPY --from=${pick(earlier)} ${taken} ${pick(["/taken/", "/app/"])}`;
      }
      if (kind < 0.6) return run(earlier);
      if (kind < 0.66) return "ARG A=1";
      if (kind < 0.7) return "ARG G";
      if (kind < 0.76) return pick(["ENV E=$A", "ENV E=fixed", "ENV A=over", "ENV F=${G:-none}"]);
      if (kind < 0.81) return pick(["LABEL l=$A", "EXPOSE 80", "USER root", 'CMD ["sh"]', "STOPSIGNAL 9"]);
      if (kind < 0.87) return pick(["WORKDIR /other", "WORKDIR deeper", "WORKDIR /", "WORKDIR /app/$E"]);
      if (kind < 0.9) return `ADD ${sourcesAnd(sources(["main.c", "src"]), pick(["/added/", "."]))}`;
      if (kind < 0.93) return `ONBUILD COPY ${sourcesAnd(sources(["conf", "main.c"]), "/triggered/")}`;
      const plain = sourcesAnd(sources(["main.c", "conf"]), pick(["/owned/", "/app/"]));
      if (!isNewer || chance(0.3)) return `COPY --chown=1:1 ${plain}`;
      return chance(0.6) ? `COPY --link ${plain}` : "COPY <<EOF /app/text\nwith $A\nEOF";
    };
    for (let steps = 1 + Math.floor(next() * 5); steps > 0; steps -= 1) lines.push(step());
  }

  const files: Record<string, string> = {
    ".dockerignore": `Dockerfile\n.dockerignore\n${ignore?.text ?? ""}\n`,
  };
  for (const path of PATHS) files[path] = `${path} ${mark}\n`;
  const target = count > 1 && chance(0.2) ? pick(names) : undefined;
  const changes = [
    { touched: [pick(PATHS)], args: [] },
    { touched: [pick(PATHS), pick(PATHS)], args: [] },
    {
      touched: [pick(["src/new.txt", "conf/z.ini", "src/deep/new/e.txt", "top.json", "Dockerfile"])],
      args: [],
    },
    { touched: [], args: [pick(["A", "G", "A", "UNUSED"])] },
    { touched: [pick(PATHS)], args: [] },
    { touched: [pick(PATHS)], args: [pick(["A", "G"])] },
    { touched: [pick(PATHS)], args: [] },
    { touched: ["src/b.md", ".dockerignore"], args: [] },
  ];
  return { text: `${lines.join("\n")}\n`, files, target, changes };
}

/** Several sources need a folder as the destination. */
function sourcesAnd(sources: string, target: string): string {
  const needsFolder = /[ *?]/.test(sources);
  return `${sources} ${needsFolder && !target.endsWith("/") ? `${target}/` : target}`;
}
