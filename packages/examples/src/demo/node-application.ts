import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { vendoredPackage } from "test-support/node-base";

const { name, version, tarball } = vendoredPackage;

const application = {
  name: "application",
  version: "1.0.0",
  scripts: { build: "mkdir -p dist && cp server.js dist" },
  dependencies: { [name]: `file:${tarball}` },
};

const lockfile = {
  lockfileVersion: 3,
  packages: {
    "": application,
    [`node_modules/${name}`]: { version, resolved: `file:..${tarball}` },
  },
};

/** A small server, with the Dockerfile that one writes first: everything copied at once, one command a RUN. */
export async function writeApplication(folder: string, base: string): Promise<void> {
  const files = {
    Dockerfile: `FROM ${base}
WORKDIR /app
COPY . /app
RUN npm ci
RUN npm run build
ENV PORT==3000
EXPOSE 3000
USER node
CMD ["node", "dist/server.js"]
`,
    "package.json": JSON.stringify(application),
    "package-lock.json": JSON.stringify(lockfile),
    "server.js": 'require("http").createServer((_, answer) => answer.end("ok")).listen(process.env.PORT);\n',
  };
  for (const [file, content] of Object.entries(files)) await writeFile(join(folder, file), content);
}
