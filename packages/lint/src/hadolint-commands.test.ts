/** How preset hadolint reads commands: by their words, more crudely than the rules do otherwise. */
import { describe, expect, it } from "vitest";
import { Linter } from "./linter/linter.ts";
import { rules } from "./rules/index.ts";

const hadolint = new Linter(rules, { preset: "hadolint" });
const strict = new Linter(rules, { preset: "strict" });

function count(linter: Linter, code: string, text: string): number {
  const { diagnostics, failedRules } = linter.lint({ text });
  expect(failedRules).toEqual([]);
  return diagnostics.filter(({ aliases }) => aliases.includes(code)).length;
}

describe("preset hadolint", () => {
  it.each([
    // Once for each RUN, where otherwise every package is one.
    ["DL3008", "RUN apt-get install a b c=1", 1, 2],
    ["DL3018", "RUN apk add a && apk add b", 1, 2],
    // Only the tool of that name counts, not what sudo starts, nor apt for apt-get.
    ["DL3008", "RUN apt install a", 0, 1],
    ["DL3008", "RUN sudo apt-get install a", 0, 1],
    ["DL3016", "RUN npm i a", 0, 1],
    ["DL3047", "RUN sudo wget https://example.org/a", 0, 1],
    ["DL3014", "RUN sudo apt-get install a", 0, 1],
    ["DL3014", "RUN apt-get install a && apt-get install b", 1, 2],
    ["DL3015", "RUN env A=b apt-get install -y a", 0, 1],
    ["DL3015", "RUN apt-get install -y --no-install-recommends=true a", 0, 0],
    ["DL3019", "RUN /sbin/apk add a", 0, 1],
    ["DL3019", "RUN apk add a; apk add b", 1, 2],
    ["DL3009", "RUN sudo apt-get update && apt-get clean", 0, 1],
    ["DL3030", "RUN yum install a && yum groupinstall b", 1, 2],
    ["DL3034", "RUN nice zypper in a", 0, 1],
    ["DL3042", "RUN sudo pip install a==1", 0, 1],
    ["DL3042", "RUN pip install a==1 && pip install b==1", 1, 2],
    ["DL3003", "RUN a; command cd /b", 1, 0],
    ["DL3001", "RUN run top", 1, 0],
    ["DL4001", "RUN sudo curl a && wget b", 0, 1],
    // A variable holds no version, whatever the script put into it.
    ["DL3008", "RUN P=a=1 && apt-get install $P", 1, 0],
    ["DL3008", "RUN apt-get install $(cat list)", 1, 0],
    ["DL3041", "RUN V=1.2 && dnf install -y a-$V", 1, 0],
    ["DL3041", "ARG V\nRUN dnf install -y a-$V", 0, 0],
    ["DL3033", "ENV V=1.2\nONBUILD RUN yum install -y a-$V", 1, 0],
    ["DL3033", "ONBUILD ENV V=1.2\nONBUILD RUN yum install -y a-$V", 0, 0],
    // Options that take values are few.
    ["DL3041", "RUN dnf install --repo more -y a-1.0", 1, 0],
    ["DL3008", "RUN apt-get install -t testing a=1", 0, 0],
    ["DL3018", "RUN apk add -X https://example.org/a --virtual .b a=1", 0, 0],
    // What names a version.
    ["DL3013", "RUN pip install 'a>=1' 'b!=2' ./c d.whl", 0, 0],
    ["DL3013", "RUN pip install a -r list", 0, 1],
    ["DL3013", "RUN pip install git+https://example.org/a.git", 1, 1],
    ["DL3013", "RUN pip --cert a --isolated b install c==1", 0, 0],
    ["DL3016", "RUN npm install a@latest", 0, 1],
    ["DL3028", "RUN gem install --no-document a", 0, 1],
    ["DL3028", "RUN gem install a --version '~> 1'", 0, 0],
    ["DL3033", "RUN yum install -y java-17-openjdk", 0, 1],
    ["DL3033", "RUN yum module install -y a:1", 0, 0],
    ["DL3037", "RUN zypper in -y 'a<2' b.rpm c", 1, 1],
    ["DL3062", "COPY go.mod ./\nRUN go install example.org/a", 1, 0],
    ["DL3062", "RUN go run example.org/a@v1 b", 0, 0],
    // Any rm -rf will do, and every stage counts but for those of yarn and apt.
    ["DL3032", "RUN yum install -y a && rm -rf /tmp/x", 0, 1],
    ["DL3036", "RUN zypper in -y a=1 && rm -rf /var/cache/zypp", 1, 0],
    ["DL3040", "RUN dnf reinstall -y a && dnf clean packages", 0, 1],
    ["DL3060", "RUN yarn", 0, 1],
    // The length of the word after -u is what counts.
    ["DL3046", "RUN useradd -u $IDENTIFIER a", 1, 0],
    ["DL3046", "RUN useradd --uid 1000000 a", 0, 1],
    ["DL3001", "RUN service a start && b", 1, 0],
    ["DL4005", "RUN ln -s /bin/sh /shell", 1, 0],
    ["DL3021", "COPY a b .", 1, 0],
    ["DL3021", "ADD a b c", 0, 1],
    ["DL3045", "COPY a b", 1, 1],
    ["DL3045", "ADD a b", 0, 1],
    ["DL3066", "ENV U=app\nUSER $U", 1, 1],
    ["DL3066", "USER app\nUSER 1", 1, 0],
    ["DL3066", "ARG U\nUSER $U", 0, 0],
    ["DL3067", "COPY --from=b /. /", 0, 1],
    ["DL3010", "COPY a.gz /\nRUN gunzip /a.gz", 1, 0],
    ["DL3010", "COPY a.tar /\nRUN tar -tf /a.tar", 0, 0],
  ])("%s in %j: %i, strict %i", (code, text, crude, own) => {
    const file = `FROM debian:12\n${text}\n`;
    expect([count(hadolint, code, file), count(strict, code, file)]).toEqual([crude, own]);
  });

  it("asks for no FROM", () => {
    expect(count(hadolint, "DL3045", "COPY a b\n")).toBe(1);
    expect(count(hadolint, "DL3045", "WORKDIR /a\nCOPY a b\n")).toBe(0);
    expect(count(hadolint, "DL3008", "ONBUILD RUN apt-get install a\n")).toBe(1);
    expect(count(hadolint, "DL3041", "ENV V=1.2\nRUN dnf install -y a-$V\n")).toBe(0);
  });
});
