import { execFile } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { promisify } from "node:util";
import { tempDir } from "./temp-dir.ts";

export interface HostileTree extends AsyncDisposable {
  readonly path: string;
}

const script = String.raw`
set -eu
umask 077
repeat() { printf "%0$2d" 0 | tr 0 "$1"; }

printf 'FROM scratch\nCOPY . /\n' > Dockerfile
mkdir -p sub/deeper empty sub.d
echo hi > sub/a; ln sub/a sub/b; ln sub/a zz-far-link
echo x > sub.d/x; echo x > sub.txt; echo y > sub-d
ln -s /nonexistent/absolute dangling-absolute
ln -s nowhere dangling
ln -s sub/a good-link
ln -s . loop
ln good-link linked-link
ln -s "$(repeat t 130)" long-target
ln -s 'ünï' non-ascii-target
mkfifo pipe
printf s > setuid; chmod 4755 setuid
printf g > setgid; chmod 2711 setgid
mkdir sticky; chmod 1777 sticky
printf m > mode-000; chmod 000 mode-000
printf m > mode-777; chmod 777 mode-777
printf e > empty-line; : > nothing
printf n > 'new
line'
printf q > ' blanks "quotes" '
printf b > "$(printf 'back\\slash')"
printf l > "$(repeat n 99)"; printf l > "$(repeat n 100)"; printf l > "$(repeat n 101)"; printf l > "$(repeat n 200)"
d=$(repeat d 90)/$(repeat e 90); mkdir -p "$d/$(repeat f 99)"; echo deep > "$d/file"
mkdir -p "$(repeat g 98)"; echo cut > "$(repeat g 98)/x"; mkdir -p "$(repeat h 99)"; echo cut > "$(repeat h 99)/x"
printf u > 'ünïcödé'; printf k > 한글.txt; printf j > '😀'; mkdir 目录; printf i > 目录/内
printf p > "$(printf '\356\200\200private')"; printf f > "$(printf '\357\277\275replacement')"
printf b > "$(printf 'not\377utf8\303')"
mkdir "$(printf 'folder\377')"; printf b > "$(printf 'folder\377/in\376')"; ln -s "$(printf 'to\377')" "$(printf 'folder\377/link')"
touch -d '1960-02-03 04:05:06.5' before-1970
touch -d '2020-01-01 00:00:00.9999999' almost-next-second
touch -d '@0' epoch
touch -d '@9000000000' after-2038
head -c 70000 /dev/urandom > middling
head -c 3000000 /dev/urandom > big
for i in $(seq 300); do echo "$i" > "sub/deeper/$i"; done
if [ "$(id -u)" = 0 ]; then mknod null c 1 3; mknod loop0 b 7 260; fi
`;

/**
 * A context folder of everything that is hard to pack: links, special files, odd modes under umask 077, names that
 * are long, not ASCII or not UTF-8, times outside 1970–2038. Holds an open socket until it is disposed of.
 */
export async function hostileTree(): Promise<HostileTree> {
  const folder = await tempDir();
  await promisify(execFile)("sh", ["-c", script], { cwd: folder.path, env: { ...process.env, LC_ALL: "C" } });
  const server = createServer().listen(folder.join("socket"));
  await once(server, "listening");
  return {
    path: folder.path,
    async [Symbol.asyncDispose]() {
      server.close();
      await once(server, "close");
      await folder[Symbol.asyncDispose]();
    },
  };
}
