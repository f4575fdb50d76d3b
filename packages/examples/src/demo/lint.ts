import { lint, rules } from "dflint";

/** Dockerfiles as the study notes have them: what they warn of, and what they teach. */
const dockerfiles: Readonly<Record<string, string>> = {
  "ubuntu, apt-get in two steps": `FROM ubuntu
RUN apt-get update
RUN apt-get install -y python3 git
CMD ["python3"]
`,
  "node, everything copied first": `FROM node:20-alpine
WORKDIR /app
COPY . /app
RUN npm ci
RUN npm run build
ENV PORT==3000
EXPOSE 3000
USER node
CMD ["node", "dist/server.js"]
`,
  "python, the manifest first": `FROM python:3.12-slim
WORKDIR /app
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
USER 10001
CMD ["python", "app.py"]
`,
};

/** Lints them, and explains the finding that costs most. */
export function lintDemo(): void {
  for (const [title, text] of Object.entries(dockerfiles)) {
    const { diagnostics, dockerfile } = lint({ text });
    console.log(`\n${title}: ${diagnostics.length === 0 ? "nothing to report" : ""}`);
    for (const { rule, name, severity, message, span } of diagnostics) {
      const { line, column } = dockerfile.source.position(span.start);
      console.log(`  ${line}:${column} ${severity} ${rule} ${name}\n    ${message}`);
    }
  }
  const explained = rules.find(({ name }) => name === "cache-copy-before-install");
  console.log(`\n${explained?.code}: ${explained?.summary}`);
  console.log(explained?.docs().why.trim().replaceAll(/^ +/gm, "  "));
}
