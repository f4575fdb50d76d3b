/** What the bundle of the command line leaves out, so that it starts fast. */
import type { Rolldown } from "tsdown";

const RULE_FILE = /\/src\/rules\/(?:dfl\d{3}-[^/]*|index)\.ts$/;
const WITH_DOCS = "?docs";
/** The module that hands out the prose of rules. */
const READS_DOCS = /\/src\/cli\/documented-rules\.ts$/;

/**
 * Takes the prose and the examples out of the rules, which linting does not read. `explain` and SARIF have rules of
 * their own that keep them, in a file that is loaded for these alone.
 */
export function rulesWithoutDocs(): Rolldown.Plugin {
  return {
    name: "rules-without-docs",
    async resolveId(source, importer, options) {
      if (importer === undefined || !(READS_DOCS.test(importer) || importer.endsWith(WITH_DOCS))) return null;
      const resolved = await this.resolve(source, importer.replace(WITH_DOCS, ""), {
        ...options,
        skipSelf: true,
      });
      return resolved !== null && RULE_FILE.test(resolved.id) ? `${resolved.id}${WITH_DOCS}` : resolved;
    },
    load(id) {
      return id.endsWith(WITH_DOCS)
        ? this.fs
            .readFile(id.replace(WITH_DOCS, ""), { encoding: "utf8" })
            .then((code) => ({ code, moduleType: "ts" }))
        : null;
    },
    transform(code, id) {
      if (!RULE_FILE.test(id)) return null;
      const start = /^ {2}docs: /m.exec(code)?.index;
      if (start === undefined) return null;
      // The formatter keeps the property's end in the column of its start.
      const end = code.indexOf("\n  }),\n", start);
      if (end === -1) throw new Error(`${id}: the docs of this rule have no end that can be found.`);
      return `${code.slice(0, start)}  docs: () => ({ why: "", bad: [], good: [] }),${code.slice(end + "\n  }),".length)}`;
    },
  };
}
