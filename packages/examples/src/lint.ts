/** Lint a Dockerfile, and let the safe fixes be made. */
import { fix, lint } from "dflint";

const text = `FROM python:latest
COPY . /app
RUN pip install -r /app/requirements.txt
MAINTAINER Ada
`;

const { diagnostics, dockerfile } = lint({ text });
for (const { rule, name, severity, span } of diagnostics) {
  const { line, column } = dockerfile.source.position(span.start);
  console.log(`${line}:${column} ${severity} ${rule} ${name}`);
}

console.log(fix({ text }).text);
