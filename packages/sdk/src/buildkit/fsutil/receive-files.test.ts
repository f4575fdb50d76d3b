import { mkdir, readFile, readdir, symlink, writeFile } from "node:fs/promises";
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { expect, test } from "vitest";
import { tempDir } from "test-support/temp-dir";
import { ProtocolError } from "../../errors.ts";
import { PacketSchema, type Packet } from "../../generated/buildkit/filesync_pb.ts";
import { Metadata } from "../grpc/metadata.ts";
import { packetType } from "./packet-type.ts";
import { receiveFiles } from "./receive-files.ts";

type Init = MessageInitShape<typeof PacketSchema>;

const file = (path: string, more: object = {}): Init => ({
  type: packetType.stat,
  stat: { path: Buffer.from(path), mode: 0o644, size: 1n, ...more },
});
const link = (path: string, target: string): Init =>
  file(path, { mode: 2 ** 27 + 0o777, linkname: Buffer.from(target) });
const folder = (path: string): Init => file(path, { mode: 2 ** 31 + 0o755 });
const content = (id: number): Init[] => [
  { type: packetType.data, id, data: Buffer.from("x") },
  { type: packetType.data, id },
];
const end: Init = { type: packetType.stat };

async function receive(root: string, packets: readonly Init[]): Promise<Packet[]> {
  const sent: Packet[] = [];
  const requests = (async function* (): AsyncGenerator<Packet, void, void> {
    for (const packet of packets) yield create(PacketSchema, packet);
  })();
  const send = async (packet: Init): Promise<void> => void sent.push(create(PacketSchema, packet));
  await receiveFiles({ metadata: new Metadata([]), requests, send }, root);
  return sent;
}

test.each(["../evil", "/evil", "a/../../evil", "", ".", "a//b", "a/", "nul\0"])(
  "a path that leads elsewhere is refused: %j",
  async (path) => {
    await using around = await tempDir();
    await mkdir(around.join("root"));
    const receiving = receive(around.join("root"), [file(path), end, ...content(0)]);
    await expect(receiving).rejects.toBeInstanceOf(ProtocolError);
    expect(await readdir(around.path)).toEqual(["root"]);
    expect(await readdir(around.join("root"))).toEqual([]);
  },
);

test("nothing is written through a symlink, neither a received one nor one that was there", async () => {
  await using around = await tempDir();
  await mkdir(around.join("root"));
  await mkdir(around.join("victim"));
  await writeFile(around.join("victim/file"), "safe");
  await symlink("../victim", around.join("root/there"));
  await symlink("../victim/file", around.join("root/leaf"));
  await receive(around.join("root"), [
    file("leaf"),
    link("received", "../victim"),
    file("received/file"),
    folder("there"),
    file("there/file"),
    end,
    ...content(0),
    ...content(2),
    ...content(4),
    { type: packetType.finish },
  ]);
  expect(await readFile(around.join("victim/file"), "utf8")).toBe("safe");
  expect(await readdir(around.join("victim"))).toEqual(["file"]);
});

test.each([
  ["a symlink", link("a", "../victim")],
  ["a file", file("a")],
  ["a hard link", file("a", { linkname: Buffer.from("first") })],
])("what was received as a folder does not become %s", async (_, other) => {
  await using around = await tempDir();
  await mkdir(around.join("root"));
  await mkdir(around.join("victim"));
  const packets = [file("first"), folder("a"), other, file("a/b"), end, ...content(3)];
  await expect(receive(around.join("root"), packets)).rejects.toThrow(
    new ProtocolError('The engine sent a folder that is also something else: "a"'),
  );
  expect(await readdir(around.join("victim"))).toEqual([]);
});

test("a hard link to what is outside, by a link inside, is refused", async () => {
  await using around = await tempDir();
  await mkdir(around.join("root"));
  await writeFile(around.join("secret"), "secret");
  const packets = [link("a", "../secret"), file("b", { linkname: Buffer.from("a") }), end];
  await expect(receive(around.join("root"), packets)).rejects.toBeInstanceOf(ProtocolError);
});

test("content that was not asked for is refused; an end in the middle is no success", async () => {
  await using around = await tempDir();
  await expect(receive(around.path, content(7))).rejects.toBeInstanceOf(ProtocolError);
  await expect(receive(around.path, [file("a"), end])).rejects.toThrow(/stopped sending/);
});
