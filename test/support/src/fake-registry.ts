import type { ChildProcess, SpawnOptions } from "node:child_process";
import { once } from "node:events";

/** An engine, or whatever else has a network of its own. */
interface Network {
  inNamespace(command: string, args: readonly string[], options?: SpawnOptions): ChildProcess;
}

export interface EndlessRegistry extends AsyncDisposable {
  /** An image whose layer never ends, as the engine calls it. */
  readonly image: string;
  /** The first part of a name under which an image can be pushed without an end. */
  readonly address: string;
}

/** Runs in the engine's network, where 127.0.0.1 needs no TLS. */
const program = `
const { createHash } = require("node:crypto");
const { createServer } = require("node:http");
const digest = (text) => "sha256:" + createHash("sha256").update(text).digest("hex");
const layer = digest("without an end");
const config = JSON.stringify({
  architecture: { x64: "amd64" }[process.arch] ?? process.arch, os: "linux", config: {},
  rootfs: { type: "layers", diff_ids: [layer] },
});
const type = (kind) => "application/vnd.docker." + kind;
const manifest = JSON.stringify({
  schemaVersion: 2, mediaType: type("distribution.manifest.v2+json"),
  config: { mediaType: type("container.image.v1+json"), size: config.length, digest: digest(config) },
  layers: [{ mediaType: type("image.rootfs.diff.tar.gzip"), size: 1e9, digest: layer }],
});
createServer((request, response) => {
  const path = request.url.split("?")[0];
  const said = (text, contentType) => response.writeHead(200, {
    "content-type": contentType, "content-length": text.length, "docker-content-digest": digest(text),
  }).end(request.method === "HEAD" ? undefined : text);
  if (path === "/v2/") return said("{}", "application/json");
  if (request.method === "POST") return response.writeHead(202, { location: path + "1", range: "0-0" }).end();
  if (request.method === "PATCH" || request.method === "PUT") return; // the upload is never read
  if (path.includes("/manifests/")) return said(manifest, type("distribution.manifest.v2+json"));
  if (path.endsWith(digest(config))) return said(config, "application/octet-stream");
  if (!path.endsWith(layer)) return response.writeHead(404).end("{}");
  response.writeHead(200, { "content-type": "application/octet-stream", "content-length": 1e9 });
  const timer = setInterval(() => response.write(Buffer.alloc(1024)), 50);
  response.on("close", () => clearInterval(timer));
}).listen(0, "127.0.0.1", function () { console.log(this.address().port); });
`;

/** A registry from which pulls and to which pushes never end. */
export async function startEndlessRegistry(network: Network): Promise<EndlessRegistry> {
  const child = network.inNamespace(process.execPath, ["-e", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  if (child.stdout === null) throw new Error("its output was asked for");
  const [port] = (await once(child.stdout, "data")) as [Buffer];
  const address = `127.0.0.1:${port.toString().trim()}`;
  return {
    image: `${address}/endless:1`,
    address,
    async [Symbol.asyncDispose]() {
      child.kill();
      await once(child, "exit");
    },
  };
}
