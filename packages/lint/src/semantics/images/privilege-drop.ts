/** Images and stages that start as root in order to give it up: a USER would be in their way. */
import type { Instruction } from "../../syntax/nodes.ts";
import type { BaseImage, Stage } from "../model.ts";
import { isRootUser } from "../root-user.ts";

// Official images whose entry point changes to a user of their own.
const DROPS_ROOT: ReadonlySet<string> = new Set([
  "cassandra",
  "couchbase",
  "couchdb",
  "elasticsearch",
  "ghost",
  "httpd",
  "influxdb",
  "kibana",
  "logstash",
  "mariadb",
  "memcached",
  "mongo",
  "mysql",
  "nginx",
  "percona",
  "postgres",
  "rabbitmq",
  "redis",
  "solr",
  "valkey",
  "zookeeper",
]);
// Images that set USER themselves.
const NONROOT_TAG = /nonroot|rootless|unprivileged/;
const NONROOT_REPOSITORY =
  /^(?:bitnami|bitnamilegacy|chainguard|jenkins|grafana|prom|sonarqube|hashicorp|mambaorg|jupyter|keycloak|selenium)\/|^apache\/(?:airflow|kafka|superset)$|unprivileged|rootless|nonroot/;
const NONROOT_OFFICIAL: ReadonlySet<string> = new Set([
  "haproxy",
  "jetty",
  "memcached",
  "kong",
  "solr",
  "sonarqube",
  "varnish",
]);

const TOOLS =
  /(?:^|[\s"'/;&|(=])(?:gosu|su-exec|setpriv|runuser|chpst|s6-setuidgid|s6-applyuidgid|fixuid)(?=$|[\s"',;&|)@:=-])/;

/** Whether an image is known to run as another user than root, or to change to one when it starts. */
export function leavesRoot({ reference, family, facts }: BaseImage): boolean {
  if (reference === undefined) return false;
  const { registry, repository, name, tag } = reference;
  if (facts !== undefined) {
    if (facts.user !== "" && !isRootUser(facts.user)) return true;
    return registry === "docker.io" && repository === `library/${name}` && DROPS_ROOT.has(name);
  }
  // Chainguard's images run as nonroot.
  if (family === "wolfi" && registry === "cgr.dev")
    return !/^(?:latest-)?dev$|wolfi-base/.test(`${tag ?? ""} ${name}`);
  if (NONROOT_TAG.test(tag ?? "") || NONROOT_REPOSITORY.test(repository)) return true;
  const official = registry === "docker.io" && repository === `library/${name}`;
  return official && (DROPS_ROOT.has(name) || NONROOT_OFFICIAL.has(name));
}

/** Whether a stage, or one it is based on, brings or starts a tool that gives up root. */
export function hasPrivilegeDrop(stage: Stage): boolean {
  for (let at: Stage | undefined = stage; at !== undefined; at = at.base.stage) {
    if (at.instructions.some(namesTool)) return true;
  }
  return false;
}

function namesTool(instruction: Instruction): boolean {
  switch (instruction.keyword) {
    case "RUN":
    case "COPY":
    case "ADD":
    case "ENTRYPOINT":
    case "CMD":
      return (
        TOOLS.test(instruction.logical.text) ||
        instruction.heredocs.some(({ content }) => TOOLS.test(content))
      );
    default:
      return false;
  }
}
