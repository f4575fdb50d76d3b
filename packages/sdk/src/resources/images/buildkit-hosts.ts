import type { GrpcClient } from "../../buildkit/grpc/client.ts";
import { UnsupportedError } from "../../errors.ts";
import { Control } from "../../generated/buildkit/control_pb.ts";

const gatewayName = "host-gateway";
const gatewayLabel = "org.mobyproject.buildkit.worker.moby.host-gateway-ip";

/**
 * Lines for `/etc/hosts` as the frontend takes them. It is `POST /build` that knows what `host-gateway` is; to others
 * the engine only tells it.
 *
 * @param hosts as `name:address`
 * @throws UnsupportedError when the engine does not tell
 */
export async function hostsAttribute(
  control: GrpcClient,
  hosts: readonly string[],
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  if (hosts.length === 0) return {};
  const pairs = hosts.map((host) => {
    const end = host.indexOf(":");
    return { name: host.slice(0, end), address: host.slice(end + 1) };
  });
  const gateway = pairs.some(({ address }) => address === gatewayName)
    ? await gatewayOf(control, signal)
    : gatewayName;
  const lines = pairs.map(({ name, address }) => `${name}=${address === gatewayName ? gateway : address}`);
  return { "add-hosts": lines.join(",") };
}

async function gatewayOf(control: GrpcClient, signal: AbortSignal): Promise<string> {
  const { record } = await control.unary(Control.method.listWorkers, {}, { signal });
  const gateway = record.map(({ labels }) => labels[gatewayLabel]).find((label) => label !== undefined);
  if (gateway !== undefined) return gateway;
  const text = `This engine does not tell what "${gatewayName}" is to a build of this kind.`;
  throw new UnsupportedError(text, {
    operation: "ImageBuild",
    needs: "Docker 25",
    has: `a worker without the label ${gatewayLabel}`,
  });
}
