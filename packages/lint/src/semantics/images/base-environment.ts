/** Which variables base images bring along: what an engine says, or else what is known of the official ones. */
import { triggerVariables } from "./image-facts.ts";
import type { BaseImage } from "../model.ts";

/** The variables of an image, but for PATH. */
export interface BaseEnvironment {
  readonly names: ReadonlySet<string>;
  /** Whether these are all there are. */
  readonly complete: boolean;
}

const NONE: BaseEnvironment = { names: new Set(), complete: true };
const UNKNOWN: BaseEnvironment = { names: new Set(), complete: false };

// Official images whose configuration sets nothing but PATH.
const PLAIN: ReadonlySet<string> = new Set(["alpine", "debian", "ubuntu", "busybox"]);

// Official images of which the list below is all there is, in every version.
const KNOWN_WHOLLY: ReadonlySet<string> = new Set([
  "golang",
  "httpd",
  "nginx",
  "node",
  "python",
  "ruby",
  "rust",
]);

const JAVA = ["JAVA_HOME", "JAVA_VERSION", "LANG", "LANGUAGE", "LC_ALL"];
const NAMES: ReadonlyMap<string, readonly string[]> = new Map([
  ["amazoncorretto", ["JAVA_HOME", "LANG"]],
  ["eclipse-temurin", JAVA],
  ["openjdk", JAVA],
  ["golang", ["GOLANG_VERSION", "GOPATH", "GOTOOLCHAIN"]],
  ["gradle", [...JAVA, "GRADLE_HOME", "GRADLE_VERSION"]],
  ["httpd", ["HTTPD_PREFIX", "HTTPD_VERSION", "HTTPD_SHA256", "HTTPD_PATCHES"]],
  ["mariadb", ["GOSU_VERSION", "LANG", "MARIADB_VERSION"]],
  ["maven", [...JAVA, "MAVEN_HOME", "MAVEN_CONFIG", "MAVEN_VERSION"]],
  [
    "mongo",
    ["GOSU_VERSION", "JSYAML_VERSION", "MONGO_MAJOR", "MONGO_VERSION", "MONGO_PACKAGE", "MONGO_REPO", "HOME"],
  ],
  ["mysql", ["GOSU_VERSION", "MYSQL_MAJOR", "MYSQL_VERSION", "MYSQL_SHELL_VERSION"]],
  ["nginx", ["NGINX_VERSION", "NJS_VERSION", "NJS_RELEASE", "PKG_RELEASE", "DYNPKG_RELEASE", "ACME_VERSION"]],
  ["node", ["NODE_VERSION", "YARN_VERSION"]],
  [
    "php",
    [
      "PHPIZE_DEPS",
      "PHP_INI_DIR",
      "PHP_CFLAGS",
      "PHP_CPPFLAGS",
      "PHP_LDFLAGS",
      "GPG_KEYS",
      "PHP_VERSION",
      "PHP_URL",
    ].concat(["PHP_ASC_URL", "PHP_SHA256", "APACHE_CONFDIR", "APACHE_ENVVARS"]),
  ],
  [
    "postgres",
    ["GOSU_VERSION", "LANG", "PG_MAJOR", "PG_VERSION", "PG_SHA256", "PGDATA", "DOCKER_PG_LLVM_DEPS"],
  ],
  [
    "python",
    [
      "LANG",
      "GPG_KEY",
      "PYTHON_VERSION",
      "PYTHON_SHA256",
      "PYTHON_PIP_VERSION",
      "PYTHON_SETUPTOOLS_VERSION",
    ].concat(["PYTHON_GET_PIP_URL", "PYTHON_GET_PIP_SHA256"]),
  ],
  ["redis", ["GOSU_VERSION", "REDIS_VERSION", "REDIS_DOWNLOAD_URL", "REDIS_DOWNLOAD_SHA"]],
  [
    "ruby",
    ["LANG", "RUBY_VERSION", "RUBY_MAJOR", "RUBY_DOWNLOAD_URL", "RUBY_DOWNLOAD_SHA256", "GEM_HOME"].concat([
      "BUNDLE_SILENCE_ROOT_WARNING",
      "BUNDLE_APP_CONFIG",
    ]),
  ],
  ["rust", ["RUSTUP_HOME", "CARGO_HOME", "RUST_VERSION"]],
  [
    "tomcat",
    [...JAVA, "CATALINA_HOME", "TOMCAT_VERSION", "TOMCAT_MAJOR", "TOMCAT_NATIVE_LIBDIR", "LD_LIBRARY_PATH"],
  ],
]);

// Others that files go by the variables of; their lists need not be whole.
const ELSEWHERE: readonly (readonly [image: RegExp, names: readonly string[]])[] = [
  [
    /^mcr\.microsoft\.com\/dotnet\//,
    (
      "APP_UID ASPNETCORE_HTTP_PORTS ASPNET_VERSION DOTNET_RUNNING_IN_CONTAINER DOTNET_SDK_VERSION DOTNET_VERSION " +
      "DOTNET_GENERATE_ASPNET_CERTIFICATE DOTNET_NOLOGO DOTNET_USE_POLLING_FILE_WATCHER NUGET_XMLDOC_MODE"
    ).split(" "),
  ],
  [
    /^public\.ecr\.aws\/lambda\/|\/amazon\/aws-lambda-/,
    "LAMBDA_TASK_ROOT LAMBDA_RUNTIME_DIR LANG LD_LIBRARY_PATH TZ".split(" "),
  ],
  [
    /\/jupyter\//,
    "CONDA_DIR DEBIAN_FRONTEND HOME JUPYTER_PORT LANG LANGUAGE LC_ALL NB_GID NB_UID NB_USER SHELL".split(" "),
  ],
  [
    /\/mambaorg\/micromamba$/,
    "ENV_NAME LANG LC_ALL MAMBA_EXE MAMBA_ROOT_PREFIX MAMBA_USER MAMBA_USER_GID MAMBA_USER_ID".split(" "),
  ],
  [/\/denoland\/deno$/, "DENO_DIR DENO_INSTALL_ROOT DENO_USE_CGROUPS DENO_VERSION".split(" ")],
  [
    /\/nvidia\/cuda$/,
    "CUDA_VERSION LD_LIBRARY_PATH LIBRARY_PATH NVARCH NVIDIA_DRIVER_CAPABILITIES NVIDIA_REQUIRE_CUDA NVIDIA_VISIBLE_DEVICES".split(
      " ",
    ),
  ],
  [
    /\/jenkins\/jenkins$/,
    "COPY_REFERENCE_FILE_LOG JAVA_HOME JENKINS_HOME JENKINS_SLAVE_AGENT_PORT JENKINS_UC JENKINS_VERSION LANG REF".split(
      " ",
    ),
  ],
  [
    /\/apache\/airflow$/,
    "AIRFLOW_HOME AIRFLOW_UID AIRFLOW_USER_HOME_DIR AIRFLOW_VERSION HOME LANG".split(" "),
  ],
  [
    /\/grafana\/grafana(?:-oss|-enterprise)?$/,
    "GF_PATHS_CONFIG GF_PATHS_DATA GF_PATHS_HOME GF_PATHS_LOGS GF_PATHS_PLUGINS GF_PATHS_PROVISIONING".split(
      " ",
    ),
  ],
];

/** What an image sets. */
export function baseEnvironment({ scratch, reference, family, facts }: BaseImage): BaseEnvironment {
  if (scratch) return NONE;
  if (facts !== undefined) {
    return { names: new Set([...facts.env.keys(), ...triggerVariables(facts)]), complete: true };
  }
  if (reference === undefined) return UNKNOWN;
  const { registry, repository, name } = reference;
  const names = NAMES.get(name);
  const known = ELSEWHERE.find(([image]) => image.test(`${registry}/${repository}`));
  if (known !== undefined) return { names: new Set(known[1]), complete: false };
  // Elsewhere it may be a mirror of the official image.
  if (registry !== "docker.io" || repository !== `library/${name}`)
    return names === undefined ? UNKNOWN : { names: new Set(names), complete: false };
  if (PLAIN.has(name)) return NONE;
  if (names === undefined) return UNKNOWN;
  return { names: new Set(names), complete: family !== "windows" && KNOWN_WHOLLY.has(name) };
}
