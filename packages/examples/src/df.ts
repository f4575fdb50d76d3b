/** What takes the disk, as a table. */
import { Docker, type models } from "docker-engine-sdk";

const docker = new Docker();
const df = await docker.system.df();

// Engines up to API 1.51 list what there is: whether it is in use, and its bytes.
const images = df.Images?.map((image) => [image.Containers > 0, image.Size] as const);
const containers = df.Containers?.map((box) => [box.State === "running", box.SizeRw ?? 0] as const);
const volumes = df.Volumes?.map(({ UsageData: u }) => [(u?.RefCount ?? 0) > 0, u?.Size ?? 0] as const);
const cache = df.BuildCache?.map((record) => [record.InUse, record.Size] as const);

/** Newer ones have counted already. */
function row(usage: Omit<models.ImagesDiskUsage, "Items"> | undefined, items: typeof images = []) {
  const bytes = usage?.TotalSize ?? items.reduce((sum, [, size]) => sum + size, 0);
  return {
    total: usage?.TotalCount ?? items.length,
    active: usage?.ActiveCount ?? items.filter(([active]) => active).length,
    MB: Math.round(bytes / 1e5) / 10,
  };
}

console.table({
  images: row(df.ImageUsage, images),
  containers: row(df.ContainerUsage, containers),
  volumes: row(df.VolumeUsage, volumes),
  "build cache": row(df.BuildCacheUsage, cache),
});
