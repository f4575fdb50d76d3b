import { expect, it } from "vitest";
import { parseDockerfile } from "../../syntax/parser.ts";
import type { DependencyInstall } from "./dependency-install.ts";
import { dependencyInstalls } from "./dependency-installs.ts";
import { scriptOf } from "../script.ts";

const SH = { dialect: "posix", errexit: false, pipefail: false } as const;

function read(command: string): readonly DependencyInstall[] {
  const [run] = parseDockerfile(`RUN ${command}\n`).instructions;
  const script = run && scriptOf(run, SH);
  return script === undefined ? [] : dependencyInstalls(script);
}

// Command, manifests, the step to run once they are there, whether the command does nothing else.
const installs: readonly (readonly [command: string, manifests: string, step: string, explicit: boolean])[] =
  [
    ["npm ci", "package.json package-lock.json", "npm ci", true],
    ["npm i --omit=dev", "package.json package-lock.json", "npm i", true],
    ["pnpm install --frozen-lockfile", "package.json pnpm-lock.yaml", "pnpm install", true],
    ["yarn", "package.json yarn.lock", "yarn", true],
    ["yarn install --immutable", "package.json yarn.lock", "yarn install", true],
    ["bun install", "package.json bun.lock", "bun install", true],
    ["pip install -r requirements.txt", "requirements.txt", "pip install -r requirements.txt", true],
    [
      "python3 -m pip install -r a.txt -r b.txt",
      "a.txt b.txt",
      "python3 -m pip install -r a.txt -r b.txt",
      true,
    ],
    ["pipenv install --system", "Pipfile Pipfile.lock", "pipenv install", true],
    ["poetry install", "pyproject.toml poetry.lock", "poetry install --no-root", true],
    ["uv sync --frozen", "pyproject.toml uv.lock", "uv sync --no-install-project", true],
    [
      "uv pip install --system -r requirements.txt",
      "requirements.txt",
      "uv pip install -r requirements.txt",
      true,
    ],
    ["bundle install --jobs 4", "Gemfile Gemfile.lock", "bundle install", true],
    ["go mod download", "go.mod go.sum", "go mod download", true],
    ["go build -o /app ./cmd/app", "go.mod go.sum", "go mod download", false],
    ["cargo build --release", "Cargo.toml Cargo.lock", "cargo chef cook", false],
    ["mvn -B package", "pom.xml", "mvn dependency:go-offline", false],
    ["mvn dependency:go-offline", "pom.xml", "mvn dependency:go-offline", true],
    ["./gradlew bootJar", "build.gradle* settings.gradle*", "./gradlew dependencies", false],
    [
      "composer install --no-dev",
      "composer.json composer.lock",
      "composer install --no-scripts --no-autoloader",
      true,
    ],
    ["dotnet restore", "*.csproj", "dotnet restore", true],
    ["dotnet publish -c Release", "*.csproj", "dotnet restore", false],
    ["sudo -u app npm ci", "package.json package-lock.json", "npm ci", true],
  ];

it.each(installs)("reads %s", (command, manifests, step, explicit) => {
  const [install, ...more] = read(command);
  expect(more).toEqual([]);
  expect(install?.manifests.join(" ")).toBe(manifests);
  expect(install?.step).toBe(step);
  expect(install?.explicit).toBe(explicit);
});

it.each([
  "npm install -g serve",
  "npm run build",
  "yarn add left-pad",
  "pnpm add -g turbo",
  "pip install flask",
  "pip install -e .",
  "uv pip install httpx",
  "bundle exec rake",
  "go version",
  "go install example.org/tool@v1",
  "cargo install ripgrep",
  "gradle --version",
  "dotnet --info",
  "dotnet publish --no-restore",
  "echo npm ci",
])("takes %s for no install of a manifest", (command) => {
  expect(read(command)).toEqual([]);
});
