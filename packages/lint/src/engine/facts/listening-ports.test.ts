import { expect, test } from "vitest";
import { listeningPorts } from "./listening-ports.ts";

const TABLES = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 22211 1 0000000000000000 100 0 0 10 0
   1: 0100007F:1F90 0100007F:A2C4 01 00000000:00000000 00:00000000 00000000     0        0 22212 1 0000000000000000 20 4 30 10 -1
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 22213 1 0000000000000000 100 0 0 10 0
   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  513: 00000000:0035 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 22214 2 0000000000000000 0
`;

test("the ports that anybody may connect to, of both protocols and both families", () => {
  expect(listeningPorts(TABLES)).toEqual(["53/udp", "80/tcp", "8080/tcp"]);
  expect(listeningPorts("")).toEqual([]);
});
