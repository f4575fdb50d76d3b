import { label } from "test-support/engine";

/** The files of the image that the demo builds. */
export const sources: Readonly<Record<string, string>> = {
  Dockerfile: `FROM busybox AS build
COPY manifest.in /
RUN --mount=type=secret,id=token \\
    sed "s/@KERNEL@/$(uname -s)/; s/@LENGTH@/$(wc -c < /run/secrets/token)/" manifest.in > /manifest
# Marks what the classic builder leaves of this stage, so that it can be removed.
LABEL ${label}=demo

FROM busybox
COPY --from=build /manifest /app/
COPY start.sh /app/
RUN chmod 0555 /app/start.sh
CMD ["/bin/sh", "/app/start.sh"]
`,
  ".dockerignore": "*.tar\nnode_modules\n",
  "manifest.in": "name: demo\nbuilt on: @KERNEL@\ntoken: @LENGTH@ characters\n",
  "start.sh": "echo starting\nsleep 0.2\necho ready\nsleep 600\n",
};
