// Preloaded into the mock: write down every connection that it tries to make, and refuse it.
"use strict";

const fs = require("node:fs");
const net = require("node:net");

const log = process.env.FOXAPI_MOCK_CONNECTIONS;

net.Socket.prototype.connect = function (...given) {
  const [options] = Array.isArray(given[0]) ? given[0] : given;
  const target = typeof options === "object" ? options.path || `${options.host}:${options.port}` : String(options);
  fs.appendFileSync(log, `${target}\n`);
  process.nextTick(() => this.destroy(new Error(`the mock may not connect to ${target}`)));
  return this;
};
