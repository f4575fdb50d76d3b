import { writeFile } from "node:fs/promises";
import { run } from "./engine/command-line.ts";
import { ensurePackages } from "./engine/debian.ts";
import { tempDir } from "./temp-dir.ts";

/** Paths of PEM files. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** A certificate authority made for a test. */
export interface CertificateAuthority extends AsyncDisposable {
  /** Path of its own certificate. */
  readonly ca: string;
  issue(use: "server" | "client", options?: { readonly expired?: boolean }): Promise<CertificateFiles>;
}

/** Servers are named 127.0.0.1 and localhost. */
export async function makeAuthority(): Promise<CertificateAuthority> {
  await ensurePackages(["openssl"]);
  const folder = await tempDir();
  const ca = folder.join("ca.pem");
  const caKey = folder.join("ca-key.pem");
  const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await run("openssl", [
    ...["req", "-x509", ...newKey, "-days", "2", "-subj", "/CN=docker-engine-sdk.test authority"],
    ...["-keyout", caKey, "-out", ca],
  ]);
  let count = 0;
  return {
    ca,
    async issue(use, { expired = false } = {}) {
      const name = folder.join(`${use}-${count++}`);
      const files = { cert: `${name}.pem`, key: `${name}-key.pem` };
      const extensions = `extendedKeyUsage=${use}Auth\nsubjectAltName=IP:127.0.0.1,DNS:localhost\n`;
      await writeFile(`${name}.cnf`, extensions);
      const subject = ["-subj", `/CN=docker-engine-sdk.test ${use}`];
      await run("openssl", ["req", ...newKey, ...subject, "-keyout", files.key, "-out", `${name}.csr`]);
      await run("openssl", [
        ...["x509", "-req", "-in", `${name}.csr`, "-CA", ca, "-CAkey", caKey, "-CAcreateserial"],
        ...["-days", expired ? "-1" : "2", "-extfile", `${name}.cnf`, "-out", files.cert],
      ]);
      return files;
    },
    [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose](),
  };
}
