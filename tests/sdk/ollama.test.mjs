// The ollama client against the gateway, whatever the servers behind it speak.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import { Ollama } from "ollama";
import { SCHEMA, SSN, WORLDS, eventually, failureOf, nameOf, startDemo } from "./demo.mjs";

const user = (content) => ({ model: "m", messages: [{ role: "user", content }] });
const TOOL = {
  type: "function",
  function: { name: "get_weather", description: "The weather of a city", parameters: SCHEMA },
};

for (const world of WORLDS) {
  let demo;
  before(async () => {
    demo = await startDemo(world);
  });
  after(() => demo.stop());
  afterEach(async () => {
    for (const server of ["qwen72b", "deepseek"]) {
      await demo.fault(server, "none");
      await demo.delay(server, 0);
    }
  });
  const it = (name, run) => test(`[${nameOf(world)}] ${name}`, run);
  const clientOf = (person) =>
    new Ollama({ host: demo.origin, headers: { authorization: `Bearer ${demo.keys[person] ?? person}` } });

  it("chat: a text is answered, and personal data stays home", async () => {
    const answer = await clientOf("engineering").chat(user("hello there"));
    assert.equal(answer.message.content, "Hello from qwen72b. You wrote: hello there");
    assert.equal(answer.message.role, "assistant");
    assert.equal(answer.done, true);
    await clientOf("marketing-us").chat(user(SSN));
    assert.equal(await demo.received("qwen72b", "536-22-8145"), true);
    assert.equal(await demo.received("cloud", "536-22-8145"), false);
  });

  it("chat: a stream ends with done and counts", async () => {
    let text = "";
    let last;
    for await (const part of await clientOf("engineering").chat({ ...user("about streams"), stream: true })) {
      text += part.message.content;
      last = part;
    }
    assert.equal(text, "Hello from qwen72b. You wrote: about streams");
    assert.equal(last.done, true);
    assert.ok(last.eval_count > 0);
  });

  it("tools: whole and in a stream", async () => {
    const client = clientOf("engineering");
    const answer = await client.chat({ ...user("call get_weather"), tools: [TOOL] });
    assert.deepEqual(answer.message.tool_calls[0].function.arguments, { city: "some city" });
    const calls = [];
    for await (const part of await client.chat({ ...user("call get_weather"), tools: [TOOL], stream: true })) {
      calls.push(...(part.message.tool_calls ?? []));
    }
    assert.deepEqual(calls.map(({ function: { name, arguments: given } }) => [name, given]), [
      ["get_weather", { city: "some city" }],
    ]);
  });

  it("chat: structured output", async () => {
    const answer = await clientOf("engineering").chat({ ...user("an object"), format: { type: "object" } });
    // A target that cannot carry a schema is passed over.
    assert.match(JSON.parse(answer.message.content).from, /^(qwen72b|deepseek)$/);
  });

  it("errors: a string, as the client expects it", async () => {
    const denied = await failureOf(clientOf("newcomer").chat(user(SSN)));
    assert.equal(denied.status_code, 403);
    assert.match(denied.message, /denied/);
    assert.doesNotMatch(denied.message, /object Object|536/);
    const unknown = await failureOf(clientOf("nobody").chat(user("a")));
    assert.equal(unknown.status_code, 401);
    const refused = await failureOf(clientOf("engineering").generate({ model: "m", prompt: "a", template: "{{ . }}" }));
    assert.match(refused.message, /^template: /);
    const pulled = await failureOf(clientOf("engineering").pull({ model: "m", stream: false }));
    assert.equal(pulled.status_code, 403);
  });

  it("errors: a stream that breaks throws", async () => {
    await demo.fault("qwen72b", "cut");
    await failureOf(
      (async () => {
        const stream = await clientOf("engineering").chat({ ...user("a long story, please"), stream: true });
        for await (const part of stream) void part;
      })(),
    );
  });

  it("abort: leaving a stream ends the server's work", async () => {
    await demo.delay("qwen72b", 50);
    const before = (await demo.stats("qwen72b")).aborted;
    const stream = await clientOf("engineering").chat({ ...user("word ".repeat(200)), stream: true });
    setTimeout(() => stream.abort(), 300);
    await failureOf((async () => { for await (const part of stream) void part; })());
    await eventually(async () => (await demo.stats("qwen72b")).aborted > before);
  });

  it("models: list, show and ps", async () => {
    const client = clientOf("engineering");
    const { models } = await client.list();
    assert.ok(models.length > 0);
    assert.deepEqual((await client.show({ model: models[0].name })).capabilities, ["completion", "tools"]);
    assert.equal((await failureOf(client.show({ model: "nobody" }))).status_code, 404);
    assert.deepEqual((await client.ps()).models, []);
  });

  if (world.qwen72b === "ollama") {
    it("generate and embed", async () => {
      const client = clientOf("engineering");
      assert.match((await client.generate({ model: "m", prompt: "a poem", system: "be kind" })).response, /a poem$/);
      let text = "";
      for await (const part of await client.generate({ model: "m", prompt: "a poem", stream: true })) text += part.response;
      assert.equal(text, "Hello from qwen72b. You wrote: a poem");
      assert.equal((await client.embed({ model: "m", input: ["a", "b"] })).embeddings.length, 2);
      await clientOf("assistant-us").embed({ model: "m", input: SSN });
      assert.equal(await demo.received("cloud", "536-22-8145"), false);
    });
  }
}
