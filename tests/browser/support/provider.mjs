// An OpenAI-compatible endpoint under a test's control: it says what it is told, as slowly as it is told.
import { createServer } from "node:http";
import { once } from "node:events";

export async function startProvider() {
  const provider = {
    /** What the next answers say, word by word. */
    words: ["A ", "small ", "answer."],
    /** Resolves before each word; a test replaces it to hold an answer back. */
    gate: async () => {},
    /** Refuses with this status when set. */
    refuse: null,
    calls: 0,
  };
  const server = createServer(async (request, response) => {
    request.resume();
    await once(request, "end");
    provider.calls += 1;
    if (provider.refuse) {
      response.writeHead(provider.refuse, { "content-type": "application/json" }).end('{"error":{"message":"no"}}');
      return;
    }
    response.writeHead(200, { "content-type": "text/event-stream" });
    for (const word of [...provider.words]) {
      await provider.gate(word);
      response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: { content: word } }] })}\n\n`);
    }
    const usage = { prompt_tokens: 9, completion_tokens: provider.words.length };
    response.write(`data: ${JSON.stringify({ choices: [{ index: 0, delta: {}, finish_reason: "stop" }] })}\n\n`);
    response.end(`data: ${JSON.stringify({ choices: [], usage })}\n\ndata: [DONE]\n\n`);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  provider.url = `http://127.0.0.1:${server.address().port}/v1`;
  provider.close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return provider;
}

/** A gate that a test opens by hand. */
export function latch() {
  let open;
  const opened = new Promise((resolve) => (open = resolve));
  return { open, wait: () => opened };
}
