// express-openapi-validator, over HTTP on loopback, as `node express.cjs SPEC PROBES`. Prints a verdict a probe.
"use strict";
const { readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const http = require("node:http");

const load = createRequire(`${process.cwd()}/`);
const express = load("express");
const { middleware } = load("express-openapi-validator");
const [spec, probes] = process.argv.slice(2, 4).map((path) => JSON.parse(readFileSync(path, "utf8")));
const app = express();
app.use(express.json({ limit: "20mb", strict: false }));
app.use(middleware({ apiSpec: { ...spec, servers: [{ url: "/" }] }, validateRequests: true, validateSecurity: false }));
app.use((request, response) => response.status(200).end());
app.use((error, request, response, next) => response.status(error.status ?? 500).end(String(error.message).slice(0, 500)));
const agent = new http.Agent({ keepAlive: true });

function judge(port, { operation, body }) {
  const [method, path] = operation.split(" ");
  return new Promise((resolve, reject) => {
    const sent = http.request(
      { agent, port, host: "127.0.0.1", method, path, headers: { "Content-Type": "application/json" } },
      (answer) => {
        let text = "";
        answer.on("data", (part) => (text += part));
        answer.on("end", () => {
          if (![200, 400].includes(answer.statusCode)) reject(new Error(`${answer.statusCode} ${text}`));
          else resolve(answer.statusCode === 200);
        });
      },
    );
    sent.on("error", reject);
    sent.end(JSON.stringify(body));
  });
}

const server = app.listen(0, "127.0.0.1", async () => {
  const verdicts = [];
  for (const probe of probes) verdicts.push(await judge(server.address().port, probe));
  process.stdout.write(JSON.stringify(verdicts), () => process.exit(0));
});
