import { engineCall } from "./engine-call.ts";
import { label } from "./state.ts";

/**
 * Removes what tests made on an engine: containers, networks, volumes and images with the tests' label, and
 * nothing else. For engines that were found; a private engine goes as a whole.
 * @param value only what has this value of the label
 */
export async function sweep(host: string, value?: string): Promise<void> {
  const wanted = value === undefined ? label : `${label}=${value}`;
  const filters = encodeURIComponent(JSON.stringify({ label: [wanted] }));
  const list = async <Item>(path: string): Promise<Item> =>
    // The engine's answers to these four lists have had these fields since API 1.21.
    JSON.parse(
      await engineCall(host, "GET", `${path}${path.includes("?") ? "&" : "?"}filters=${filters}`),
    ) as Item;
  const remove = async (path: string): Promise<void> => {
    // Gone meanwhile is as good; so is an image that somebody's unlabelled container holds.
    await engineCall(host, "DELETE", path).catch((error: unknown) => {
      if (!/: (404|409) /.test(String(error))) throw error;
    });
  };

  for (const { Id } of await list<{ Id: string }[]>("/containers/json?all=1")) {
    await remove(`/containers/${Id}?force=1&v=1`);
  }
  for (const { Id } of await list<{ Id: string }[]>("/networks")) await remove(`/networks/${Id}`);
  const { Volumes } = await list<{ Volumes: { Name: string }[] | null }>("/volumes");
  for (const { Name } of Volumes ?? []) await remove(`/volumes/${encodeURIComponent(Name)}?force=1`);
  for (const { Id } of await list<{ Id: string }[]>("/images/json")) await remove(`/images/${Id}?force=1`);
}
