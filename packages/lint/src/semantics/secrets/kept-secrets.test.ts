import { expect, it } from "vitest";
import { KEEPING } from "./kept-secrets.ts";
import { credentialFile } from "./secret-files.ts";

it.each(
  [
    "~/.netrc ~/_netrc ~/.git-credentials ~/.pypirc ~/.pgpass ~/.my.cnf ~/.dockercfg ~/.dockerconfigjson ~/.vault-token",
    "~/.boto ~/.s3cfg ~/.ssh/id_rsa ~/.ssh/deploy id_dsa id_ecdsa id_ed25519 ~/.docker/config.json ~/.aws/credentials",
    "~/.kube/config ~/.gem/credentials ~/.composer/auth.json application_default_credentials.json .env .env.local",
    "~/.npmrc ~/.yarnrc ~/.yarnrc.yml ~/.config/pip/pip.conf pip.ini ~/.pip/pip.conf ~/.m2/settings.xml gradle.properties",
    "NuGet.Config auth.json ~/.gitconfig ~/.cargo/credentials.toml ~/.bundle/config ~/.curlrc ~/.wgetrc .env.production",
    ".htpasswd kubeconfig secrets.yml secrets.yaml secrets.json secrets.toml master.key terraform.tfstate",
    "app.p12 app.pfx app.jks app.keystore app.kdbx app.ppk prod.tfstate server.key server.pem service-account.json",
    "serviceAccountProd.json prod.env .aws .azure .gcloud .kube .ssh .gnupg",
  ].flatMap((names) => names.split(" ")),
)("sees that a script may write %s", (path) => {
  expect(credentialFile(path)).toBeDefined();
  expect(KEEPING.test(`echo x > ${path}`)).toBe(true);
});

it.each(["echo hello > /srv/greeting.txt", "make install", "mkdir -p /srv/app && rm -rf /tmp/x"])(
  "sees nothing of the kind in %s",
  (script) => {
    expect(KEEPING.test(script)).toBe(false);
  },
);
