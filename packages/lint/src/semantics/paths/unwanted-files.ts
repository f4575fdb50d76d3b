/** Which files of a folder have no place in an image, judged by their names alone. */
import { baseName } from "../../source/path.ts";

/**
 * Why a path is not wanted: `history` of a version control system, `modules` that the build installs itself,
 * a possible `secret`, or `litter` of tools: caches, logs, settings of editors.
 */
export type Unwanted = "history" | "modules" | "secret" | "litter";

const BY_NAME: ReadonlyMap<string, Unwanted> = new Map<string, Unwanted>([
  ...[".git", ".hg", ".svn", ".bzr"].map((name): [string, Unwanted] => [name, "history"]),
  ...["node_modules", "bower_components", ".venv", "venv", ".bundle"].map((name): [string, Unwanted] => [
    name,
    "modules",
  ]),
  ...["__pycache__", ".pytest_cache", ".mypy_cache", ".ruff_cache", ".tox", ".nox", ".ipynb_checkpoints"].map(
    (name): [string, Unwanted] => [name, "litter"],
  ),
  ...[
    ".cache",
    ".parcel-cache",
    ".turbo",
    ".nyc_output",
    ".gradle",
    ".terraform",
    ".vagrant",
    ".eslintcache",
  ].map((name): [string, Unwanted] => [name, "litter"]),
  ...[".idea", ".vscode", ".vs", ".DS_Store", "Thumbs.db", "npm-debug.log", "yarn-error.log"].map(
    (name): [string, Unwanted] => [name, "litter"],
  ),
  ...["id_rsa", "id_dsa", "id_ecdsa", "id_ed25519", ".netrc", "_netrc", ".pypirc", ".pgpass", ".my.cnf"].map(
    (name): [string, Unwanted] => [name, "secret"],
  ),
  ...[".git-credentials", ".htpasswd", ".dockercfg", ".s3cfg", ".boto", "credentials.json", "kubeconfig"].map(
    (name): [string, Unwanted] => [name, "secret"],
  ),
  ...["secrets.yml", "secrets.yaml", "secrets.json", "secrets.toml", "master.key", "terraform.tfstate"].map(
    (name): [string, Unwanted] => [name, "secret"],
  ),
  ...[".aws", ".azure", ".gcloud", ".kube", ".ssh", ".gnupg"].map((name): [string, Unwanted] => [
    name,
    "secret",
  ]),
]);

/** Endings of key stores and private keys. */
const SECRET_ENDINGS = [".p12", ".pfx", ".jks", ".keystore", ".kdbx", ".ppk", ".tfstate"];
/** Words in the name of a file of a key pair that is not the private half. */
const PUBLIC_HALF =
  /(?:^|[._-])(?:ca|cacerts?|certs?|certificates?|chain|fullchain|bundle|pub|public|csr)(?:[._-]|$)/i;
/** Parts of the names of files that show which settings there are, without their values. */
const TEMPLATE = /[._-](?:example|sample|template|tmpl|dist|defaults?|schema|test|ci)$/i;
/** Folders whose keys are made up. */
const FOR_TESTS = new Set([
  "test",
  "tests",
  "testdata",
  "fixtures",
  "__fixtures__",
  "__tests__",
  "spec",
  "examples",
  "docs",
]);

/**
 * Why a path is not wanted, or undefined. A folder speaks for all that is in it: do not ask about what is below one
 * that is unwanted.
 * @param path relative to the context, with `/`.
 */
export function unwantedFile(path: string, folder: boolean): Unwanted | undefined {
  const name = baseName(path);
  const known = BY_NAME.get(name);
  if (known === "secret") return isForTests(path) ? undefined : known;
  if (known !== undefined) return known;
  if (folder) return undefined;
  if (name.endsWith(".log")) return "litter";
  if (name.endsWith(".pyc")) return "litter";
  return isSecretName(name) && !isForTests(path) ? "secret" : undefined;
}

function isSecretName(name: string): boolean {
  if (name === ".env" || (name.startsWith(".env.") && !TEMPLATE.test(name))) return true;
  if (name.endsWith(".env") && name.length > 4) return !TEMPLATE.test(name.slice(0, -4));
  if (SECRET_ENDINGS.some((ending) => name.endsWith(ending))) return true;
  if (name.endsWith(".key")) return !/(?:^|[._-])pub(?:lic)?(?:[._-]|$)/i.test(name.slice(0, -4));
  if (name.endsWith(".pem")) return !PUBLIC_HALF.test(name.slice(0, -4));
  return /^service[-_]?account.*\.json$/i.test(name);
}

function isForTests(path: string): boolean {
  return path.split("/").some((part) => FOR_TESTS.has(part));
}
