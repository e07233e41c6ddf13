// Bundles the page's code editor, and the licences of all that is in it. Run by `make editor`.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const here = fileURLToPath(new URL(".", import.meta.url));
const target = fileURLToPath(new URL("../../bot/platforms/web/static/", import.meta.url));

const { metafile, outputFiles } = await build({
  absWorkingDir: here,
  banner: { js: "// CodeMirror 6 and its parts; their licences: editor.licenses.txt" },
  bundle: true,
  entryPoints: ["editor.js"],
  format: "esm",
  legalComments: "none",
  metafile: true,
  minify: true,
  outfile: `${target}editor.js`,
  target: "es2022",
  write: false,
});

function licenceOf(name) {
  const folder = `${here}node_modules/${name}`;
  const { license, version } = JSON.parse(readFileSync(`${folder}/package.json`, "utf-8"));
  const file = readdirSync(folder).find((it) => /^(licen[cs]e|copying)/i.test(it));
  if (!file) throw new Error(`${name} brings no licence: it cannot be shipped`);
  return `${name} ${version} (${license})\n\n${readFileSync(`${folder}/${file}`, "utf-8").trim()}\n`;
}

const bundled = new Set();
for (const path of Object.keys(metafile.inputs)) {
  const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
  if (name) bundled.add(name);
}
const head = "What the playground's code editor, editor.js, is made of besides our own code.\n";
const rule = `\n${"-".repeat(72)}\n\n`;
const licences = [head, ...[...bundled].sort().map(licenceOf)].join(rule);

// The bundle last: where it is, its licences are.
writeFileSync(`${target}editor.licenses.txt`, licences);
writeFileSync(`${target}editor.js`, outputFiles[0].contents);
console.log(`editor.js: ${Math.round(outputFiles[0].contents.length / 1000)} kB, ${bundled.size} packages`);
