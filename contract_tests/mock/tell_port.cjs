// Preloaded into the mock: write down the port that the system gave it, once it listens there.
// When its spec is written anew, Prism listens anew: on the same port.
"use strict";

const fs = require("node:fs");
const net = require("node:net");

const listen = net.Server.prototype.listen;
let port = 0;

net.Server.prototype.listen = function (asked, ...rest) {
  this.once("listening", () => {
    port = this.address().port;
    fs.writeFileSync(process.env.FOXAPI_MOCK_PORT, `${port}\n`);
  });
  return listen.call(this, asked || port, ...rest);
};
