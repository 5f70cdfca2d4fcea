// A proxy between page and server that cuts replies off, as a bad network does.
import { createServer, request as forward } from "node:http";
import { once } from "node:events";

export async function startProxy(target) {
  const proxy = {
    /** (request, bytesSoFar) → true: drop the connection instead of passing more on. */
    cut: () => false,
    /** Every request that came by: "POST /v1/runs". */
    seen: [],
  };
  const server = createServer((incoming, outgoing) => {
    proxy.seen.push(`${incoming.method} ${incoming.url}`);
    const onward = forward(target + incoming.url, { method: incoming.method, headers: { ...incoming.headers, host: new URL(target).host } });
    onward.on("response", (reply) => {
      let bytes = 0;
      if (proxy.cut(incoming, bytes, "")) return incoming.socket.destroy();
      outgoing.writeHead(reply.statusCode, reply.headers);
      outgoing.flushHeaders();
      reply.on("data", (chunk) => {
        bytes += chunk.length;
        if (proxy.cut(incoming, bytes, String(chunk))) incoming.socket.destroy();
        else outgoing.write(chunk);
      });
      reply.on("end", () => outgoing.end());
      reply.on("error", () => incoming.socket.destroy());
    });
    onward.on("error", () => incoming.socket.destroy());
    outgoing.on("close", () => onward.destroy());
    incoming.pipe(onward);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  proxy.url = `http://127.0.0.1:${server.address().port}`;
  proxy.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return proxy;
}
