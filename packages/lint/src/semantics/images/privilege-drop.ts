/** Images and stages that start as root in order to give it up: a USER would be in their way. */
import type { Instruction } from "../../syntax/nodes.ts";
import type { BaseImage, Stage } from "../model.ts";
import { isRootUser } from "../root-user.ts";

// Official images whose entry point, or whose server before it answers anybody, changes to a user of their own.
const DROPS_ROOT = new Set(
  (
    "cassandra couchbase couchdb elasticsearch ghost httpd influxdb kibana logstash mariadb memcached mongo mysql " +
    "nginx percona postgres rabbitmq redis solr valkey zookeeper bonita consul crate drupal eclipse-mosquitto flink " +
    "friendica joomla matomo mediawiki neo4j nextcloud phpmyadmin redmine storm telegraf unit vault wordpress znc"
  ).split(" "),
);
/** PHP beside Apache or as FPM: both work as `www-data`. */
const PHP_SERVER = /(?:^|-)(?:apache|fpm)(?:-|$)/;
// The same, made by others: databases with extensions, and images that start all with s6-overlay.
const DROPS_ROOT_REPOSITORY =
  /^(?:linuxserver|hotio)\/|^(?:postgis\/postgis|pgvector\/pgvector|timescale\/timescaledb(?:-ha)?|clickhouse\/clickhouse-server|mysql\/mysql-server)$/;

// Images that set USER themselves.
const NONROOT_TAG = /nonroot|rootless|unprivileged|chiseled/;
const NONROOT_REPOSITORIES = new RegExp(
  [
    "^(?:bitnami|bitnamilegacy|camunda|chainguard|cimg|circleci|confluentinc|emqx|gitpod|grafana|hashicorp|jboss|jenkins|jupyter)/",
    "^(?:keycloak|mambaorg|opensearchproject|payara|percona|prom|rundeck|selenium|sclorg|sonarqube|strimzi|trinodb|wildfly)/",
    "^apache/(?:airflow|druid|kafka|nifi|spark|spark-py|superset|zeppelin)$",
    "^(?:curlimages/curl|directus/directus|mssql/server|n8nio/n8n|puppeteer/puppeteer|actions/actions-runner|renovate/renovate)$",
    "^(?:elasticsearch/elasticsearch|kibana/kibana|logstash/logstash)(?:-oss)?$",
    // Red Hat's images to build with: all but the bare systems.
    "^(?:ubi|rhel)\\d+/(?!ubi|rhel)",
    "unprivileged|rootless|nonroot",
  ].join("|"),
);
const NONROOT_OFFICIAL = new Set(
  (
    "adminer emqx haproxy jetty kong lightstreamer liquibase memcached odoo open-liberty plone rocket.chat solr sonarqube " +
    "spark teamspeak varnish websphere-liberty"
  ).split(" "),
);

const TOOLS =
  /(?:^|[\s"'/;&|(=])(?:gosu|su-exec|setpriv|runuser|chpst|s6-setuidgid|s6-applyuidgid|s6-init|s6-overlay|s6-svscan|fixuid)(?=$|[\s"',;&|)@:=-])/;

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
  if (NONROOT_TAG.test(tag ?? "") || NONROOT_REPOSITORIES.test(repository)) return true;
  if (DROPS_ROOT_REPOSITORY.test(repository)) return true;
  const official = registry === "docker.io" && repository === `library/${name}`;
  // Lambda starts what is in there as a user of its own, whatever USER says.
  if (/^(?:amazon\/aws-)?lambda[/-]/.test(repository)) return true;
  if (official && name === "php") return PHP_SERVER.test(tag ?? "");
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
