// The types of openapi-typescript, checked by tsc, as `node typescript.cjs SPEC PROBES`. Prints a verdict a probe.
"use strict";
const { readFileSync, mkdtempSync, writeFileSync, rmSync } = require("node:fs");
const { createRequire } = require("node:module");
const { execFileSync } = require("node:child_process");
const { join } = require("node:path");

const load = createRequire(`${process.cwd()}/`);
const ts = load("typescript");
const probes = JSON.parse(readFileSync(process.argv[3], "utf8"));
const folder = mkdtempSync(join(process.cwd(), "types-"));
try {
  const types = join(folder, "api.ts");
  execFileSync(process.execPath, ["node_modules/openapi-typescript/bin/cli.js", process.argv[2], "-o", types]);
  const lines = probes.map(({ operation, body }, index) => {
    const [method, path] = operation.split(" ");
    const type = `NonNullable<paths["${path}"]["${method.toLowerCase()}"]["requestBody"]>["content"]["application/json"]`;
    return `export const probe${index}: ${type} = ${JSON.stringify(body)};`;
  });
  const file = join(folder, "probes.ts");
  writeFileSync(file, ['import type { paths } from "./api";', ...lines].join("\n"));
  const program = ts.createProgram([file], { strict: true, noEmit: true, skipLibCheck: true, types: [] });
  const wrong = new Set();
  for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
    if (diagnostic.file?.fileName !== file.replaceAll("\\", "/")) {
      throw new Error(ts.flattenDiagnosticMessageText(diagnostic.messageText, "\n"));
    }
    wrong.add(diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start).line - 1);
  }
  process.stdout.write(JSON.stringify(probes.map((_, index) => !wrong.has(index))));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
