// The zod schemas of @hey-api/openapi-ts, as `node zod.cjs SPEC PROBES [strict]`. Prints a verdict a probe.
"use strict";
const { readFileSync, mkdtempSync, rmSync, writeFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { execFileSync } = require("node:child_process");
const { join } = require("node:path");

const load = createRequire(`${process.cwd()}/`);
const ts = load("typescript");
const [spec, probes] = process.argv.slice(2, 4).map((path) => JSON.parse(readFileSync(path, "utf8")));
const folder = mkdtempSync(join(process.cwd(), "zod-"));
try {
  const command = ["node_modules/@hey-api/openapi-ts/bin/run.js", "-i", process.argv[2], "-o", folder, "-p", "zod"];
  execFileSync(process.execPath, command, { stdio: ["ignore", "ignore", "inherit"] });
  let source = readFileSync(join(folder, "zod.gen.ts"), "utf8");
  if (process.argv[4] === "strict") source = source.replaceAll("z.object(", "z.strictObject(");
  const options = { compilerOptions: { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022 } };
  writeFileSync(join(folder, "zod.cjs"), ts.transpileModule(source, options).outputText);
  const made = require(join(folder, "zod.cjs"));
  const schemas = {};
  const judge = ({ operation, body }) => {
    const [method, path] = operation.split(" ");
    const id = spec.paths[path][method.toLowerCase()].operationId;
    schemas[id] ??= made[`z${id[0].toUpperCase()}${id.slice(1)}Body`] ?? made[`z${id[0].toUpperCase()}${id.slice(1)}Data`].shape.body;
    return schemas[id].safeParse(body).success;
  };
  process.stdout.write(JSON.stringify(probes.map(judge)));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
