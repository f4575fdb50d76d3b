import type { Timestamp } from "@bufbuild/protobuf/wkt";
import { openControl } from "../../buildkit/control-connection.ts";
import type { GrpcClient } from "../../buildkit/grpc/client.ts";
import { Trace } from "../../buildkit/trace.ts";
import { Control, type Platform, type UsageRecord } from "../../generated/buildkit/control_pb.ts";
import type { BuildEvent } from "../../progress/event.ts";
import type { Caller } from "../../transport/call.ts";
import { formatPlatform } from "../../values/platform.ts";
import { controlFailure } from "./control-failure.ts";
import type { BuildkitInfo, BuildRecord, CachePruneOptions, CacheRecord, Worker } from "./records.ts";

type Signal = AbortSignal | undefined;

export function listWorkers(caller: Caller, signal: Signal): Promise<readonly Worker[]> {
  return withControl(caller, signal, "ListWorkers", async (control) => {
    const { record } = await control.unary(Control.method.listWorkers, {}, { signal });
    return record.map(({ id, labels, platforms }) => ({
      id,
      labels,
      platforms: platforms.map(toText),
    }));
  });
}

export function info(caller: Caller, signal: Signal): Promise<BuildkitInfo> {
  return withControl(caller, signal, "Info", async (control) => {
    const { buildkitVersion } = await control.unary(Control.method.info, {}, { signal });
    return { version: buildkitVersion?.version ?? "", revision: buildkitVersion?.revision ?? "" };
  });
}

export function diskUsage(
  caller: Caller,
  filters: readonly string[] = [],
  signal: Signal,
): Promise<readonly CacheRecord[]> {
  return withControl(caller, signal, "DiskUsage", async (control) => {
    const { record } = await control.unary(Control.method.diskUsage, { filter: [...filters] }, { signal });
    return record.map(toCacheRecord);
  });
}

export function prune(caller: Caller, options: CachePruneOptions): Promise<readonly CacheRecord[]> {
  const { all = false, filters = [], keepDuration = 0, keepBytes = 0, signal } = options;
  return withControl(caller, signal, "Prune", async (control) => {
    const request = {
      all,
      filter: [...filters],
      keepDuration: BigInt(keepDuration) * 1_000_000n,
      keepBytes: BigInt(keepBytes),
    };
    const removed: CacheRecord[] = [];
    for await (const record of control.stream(Control.method.prune, request, { signal })) {
      removed.push(toCacheRecord(record));
    }
    return removed;
  });
}

export function history(caller: Caller, signal: Signal): Promise<readonly BuildRecord[]> {
  return withControl(caller, signal, "ListenBuildHistory", async (control) => {
    const records = new Map<string, BuildRecord>();
    const events = control.stream(Control.method.listenBuildHistory, { earlyExit: true }, { signal });
    for await (const { record } of events) {
      if (record === undefined) continue;
      records.set(record.ref, {
        ref: record.ref,
        frontend: record.frontend,
        attributes: record.frontendAttrs,
        createdAt: toDate(record.createdAt),
        completedAt: toDate(record.completedAt),
        cachedSteps: record.numCachedSteps,
        completedSteps: record.numCompletedSteps,
        totalSteps: record.numTotalSteps,
        response: record.exporterResponse,
      });
    }
    const time = ({ createdAt }: BuildRecord): number => createdAt?.getTime() ?? 0;
    return [...records.values()].sort((a, b) => time(a) - time(b));
  });
}

export async function* status(
  caller: Caller,
  ref: string,
  signal: Signal,
): AsyncGenerator<BuildEvent, void, void> {
  const control = await openControl(caller, signal);
  const trace = new Trace();
  try {
    for await (const response of control.stream(Control.method.status, { ref }, { signal })) {
      yield* trace.read(response);
    }
  } catch (error) {
    throw await controlFailure(error, caller, "Status");
  } finally {
    control.close();
  }
}

async function withControl<T>(
  caller: Caller,
  signal: Signal,
  method: string,
  work: (control: GrpcClient) => Promise<T>,
): Promise<T> {
  const control = await openControl(caller, signal);
  try {
    return await work(control);
  } catch (error) {
    throw await controlFailure(error, caller, method);
  } finally {
    control.close();
  }
}

function toText({ os, architecture, variant }: Platform): string {
  return formatPlatform({ os, architecture, variant: variant === "" ? undefined : variant });
}

function toCacheRecord(record: UsageRecord): CacheRecord {
  const { id, recordType, description, inUse, shared, mutable, parents } = record;
  return {
    id,
    type: recordType,
    description,
    size: Number(record.size),
    createdAt: toDate(record.createdAt),
    lastUsedAt: toDate(record.lastUsedAt),
    usageCount: Number(record.usageCount),
    inUse,
    shared,
    mutable,
    parents,
  };
}

function toDate(time: Timestamp | undefined): Date | undefined {
  return time === undefined ? undefined : new Date(Number(time.seconds) * 1000 + time.nanos / 1e6);
}
