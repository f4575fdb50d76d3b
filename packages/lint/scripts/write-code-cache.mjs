/**
 * Runs the built program once and keeps what V8 compiled for it, in the folder of the program that is given; see
 * `src/cli/load-program.ts`. Plain JavaScript, since the cache is to hold for the flags that a user's process has.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire, Module } from "node:module";
import { join, resolve } from "node:path";
import { Script } from "node:vm";

const folder = resolve(process.argv[2]);
const core = join(folder, "core.cjs");
const require = createRequire(core);
const script = new Script(Module.wrap(readFileSync(core, "latin1")), { filename: core });
const module = new Module(core);
require.cache[core] = module;
script.runInThisContext()(module.exports, require, module, core, folder);

/** Something of everything that a usual file holds, so that what reads it is compiled. */
const SAMPLE = `# syntax=docker/dockerfile:1
# dflint ignore=base-untagged -- a sample
FROM node AS build
ARG VERSION=1
ENV A=b PATH=/app/bin:$PATH
WORKDIR /app
COPY . .
RUN apt-get update && apt-get install -y curl \\
    # a comment
    && if [ -f x ]; then for f in *; do echo "$f $(date)" | tee log; done; fi
RUN --mount=type=cache,target=/root/.npm npm ci
RUN pip install flask && apk add git
RUN <<EOF
make "$VERSION"
EOF
FROM alpine:3.20
LABEL a="b" c=d
COPY --from=build --chown=node /app/dist /srv
ADD https://example.org/x.tar.gz /x
EXPOSE 8080/tcp
VOLUME /data
HEALTHCHECK --interval=30s CMD curl -f http://localhost/ || exit 1
USER root
MAINTAINER ada
ENTRYPOINT ["node"]
CMD node server.js
`;

const nothing = () => undefined;
const host = {
  out: nothing,
  err: nothing,
  readInput: () => Promise.resolve(Buffer.from(SAMPLE)),
  isTerminal: false,
  environment: {},
  version: "",
};
await require(join(folder, "program.cjs")).run(["--no-config", "-"], host);
writeFileSync(`${core}.cache`, script.createCachedData());
