import { expect, test } from "vitest";
import { readPorts, toPortSettings } from "./ports.ts";

test.each([
  ["80", { "80/tcp": [{ HostIp: "", HostPort: "" }] }],
  ["8080:80", { "80/tcp": [{ HostIp: "", HostPort: "8080" }] }],
  ["53:53/UDP", { "53/udp": [{ HostIp: "", HostPort: "53" }] }],
  ["9:9/sctp", { "9/sctp": [{ HostIp: "", HostPort: "9" }] }],
  ["127.0.0.1:8080:80", { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "8080" }] }],
  ["127.0.0.1::80", { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] }],
  ["[::1]:8080:80", { "80/tcp": [{ HostIp: "::1", HostPort: "8080" }] }],
  ["8000-8010:80", { "80/tcp": [{ HostIp: "", HostPort: "8000-8010" }] }],
  [
    "8000-8001:80-81/udp",
    { "80/udp": [{ HostIp: "", HostPort: "8000" }], "81/udp": [{ HostIp: "", HostPort: "8001" }] },
  ],
  ["80-81", { "80/tcp": [{ HostIp: "", HostPort: "" }], "81/tcp": [{ HostIp: "", HostPort: "" }] }],
])("%s is read as the docker CLI reads it", (text, bindings) => {
  expect(toPortSettings([text])).toEqual({
    PortBindings: bindings,
    ExposedPorts: Object.fromEntries(Object.keys(bindings).map((port) => [port, {}])),
  });
});

test("one port of the container may be published several times", () => {
  expect(toPortSettings(["1:80", "2:80"]).PortBindings).toEqual({
    "80/tcp": [
      { HostIp: "", HostPort: "1" },
      { HostIp: "", HostPort: "2" },
    ],
  });
  expect(toPortSettings([])).toEqual({ ExposedPorts: {}, PortBindings: {} });
});

test.each([
  "",
  "web",
  "80/http",
  "0",
  "65536:80",
  "80:65536",
  "81-80",
  "1-3:1-2",
  "localhost:80:80",
  "999.1.1.1:80:80",
  "[::g]:80:80",
  "1:2:3:4",
  "80:",
  "-1:80",
])("%j is refused", (text) => {
  expect(() => toPortSettings([text])).toThrow(RangeError);
  expect(() => toPortSettings([text])).toThrow(JSON.stringify(text));
});

test.each([
  [{ container: 80 }, { "80/tcp": [{ HostIp: "", HostPort: "" }] }],
  [{ container: 53, protocol: "udp", host: 5353 }, { "53/udp": [{ HostIp: "", HostPort: "5353" }] }],
  [{ container: 80, host: 1, address: "::1" }, { "80/tcp": [{ HostIp: "::1", HostPort: "1" }] }],
  [{ container: 80, address: "127.0.0.1" }, { "80/tcp": [{ HostIp: "127.0.0.1", HostPort: "" }] }],
] as const)("%o is published", (port, bindings) => {
  expect(toPortSettings([port]).PortBindings).toEqual(bindings);
});

test.each([
  { container: 0 },
  { container: 1.5 },
  { container: 80, host: 65536 },
  { container: 80, address: "web" },
])("%o is refused", (port) => {
  expect(() => toPortSettings([port])).toThrow(RangeError);
});

test.each<[unknown, string]>([
  ["8080:80", 'Argument "ports" of toPortSettings() must be a list such as ["8080:80"], not text.'],
  [
    [8080],
    'Argument "ports[0]" of toPortSettings() must be text such as "8080:80" or an object, not a number.',
  ],
  [
    [{ container: 80, hots: 8080 }],
    'Argument "ports[0]" of toPortSettings() has no "hots": did you mean "host"?',
  ],
])("ports %o are refused", (ports, message) => {
  expect(() => toPortSettings(ports as [])).toThrow(new TypeError(message)); // as in plain JavaScript
});

test("what the engine answers is read", () => {
  const Ports = {
    "80/tcp": [
      { HostIp: "0.0.0.0", HostPort: "32768" },
      { HostIp: "::", HostPort: "32768" },
    ],
    "53/udp": [{ HostIp: "127.0.0.1", HostPort: "53" }],
    "81/tcp": null,
    "82/tcp": [],
  };
  expect(readPorts(Ports)).toEqual([
    { container: 80, protocol: "tcp", host: 32768, address: "0.0.0.0" },
    { container: 80, protocol: "tcp", host: 32768, address: "::" },
    { container: 53, protocol: "udp", host: 53, address: "127.0.0.1" },
  ]);
  expect(readPorts(null)).toEqual([]);
});
