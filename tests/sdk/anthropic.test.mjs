// The Anthropic client against the gateway, whatever the servers behind it speak.
import assert from "node:assert/strict";
import { after, afterEach, before, test } from "node:test";
import Anthropic from "@anthropic-ai/sdk";
import { SCHEMA, SSN, WORLDS, countingFetch, eventually, failureOf, nameOf, startDemo } from "./demo.mjs";

const user = (content) => ({ model: "m", max_tokens: 500, messages: [{ role: "user", content }] });
const TOOL = { name: "get_weather", description: "The weather of a city", input_schema: SCHEMA };

for (const world of WORLDS) {
  let demo;
  before(async () => {
    demo = await startDemo(world);
  });
  after(() => demo.stop());
  afterEach(async () => {
    for (const server of ["qwen72b", "deepseek", "cloud"]) {
      await demo.fault(server, "none");
      await demo.delay(server, 0);
    }
  });
  const it = (name, run) => test(`[${nameOf(world)}] ${name}`, run);
  const clientOf = (person, options = {}) =>
    new Anthropic({ apiKey: demo.keys[person] ?? person, baseURL: demo.origin, maxRetries: 0, ...options });

  it("messages: a text is answered", async () => {
    const answer = await clientOf("engineering").messages.create(user("hello there"));
    assert.deepEqual(
      answer.content.map(({ type, text }) => [type, text]),
      [["text", "Hello from qwen72b. You wrote: hello there"]],
    );
    assert.equal(answer.stop_reason, "end_turn");
    assert.equal(answer.role, "assistant");
    assert.ok(answer.usage.output_tokens > 0);
    assert.ok(answer._request_id);
  });

  it("messages: a bearer token counts as the key does", async () => {
    const client = new Anthropic({ apiKey: null, authToken: demo.keys.engineering, baseURL: demo.origin });
    assert.equal((await client.messages.create(user("hello"))).stop_reason, "end_turn");
  });

  it("messages: personal data stays home, in system, blocks and tool results", async () => {
    const client = clientOf("marketing-us");
    await client.messages.create({ ...user("hello"), system: [{ type: "text", text: SSN }] });
    await client.messages.create(user([{ type: "text", text: SSN, cache_control: { type: "ephemeral" } }]));
    await client.messages.create({
      ...user("call get_weather"),
      tools: [TOOL],
      messages: [
        { role: "user", content: "call get_weather" },
        { role: "assistant", content: [{ type: "tool_use", id: "t", name: "get_weather", input: { city: "x" } }] },
        { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: SSN }] },
      ],
    });
    assert.equal(await demo.received("qwen72b", "536-22-8145"), true);
    assert.equal(await demo.received("cloud", "536-22-8145"), false);
    for (const server of ["qwen72b", "cloud"]) assert.equal(await demo.received(server, "ephemeral"), false);
  });

  it("messages: an e-mail address leaves as a token and comes back as itself", async () => {
    const answer = await clientOf("marketing-us").messages.create(user("reply to jane.roe@example.net"));
    assert.match(answer.content[0].text, /^Hello from cloud.*jane\.roe@example\.net$/);
    assert.equal(await demo.received("cloud", "jane.roe@example.net"), false);
  });

  it("stream: the helper gathers what was streamed", async () => {
    const stream = clientOf("engineering").messages.stream(user("tell me about streams"));
    let pieces = 0;
    stream.on("text", () => ++pieces);
    const message = await stream.finalMessage();
    assert.equal(message.content[0].text, "Hello from qwen72b. You wrote: tell me about streams");
    assert.equal(message.stop_reason, "end_turn");
    assert.ok(pieces > 3);
  });

  it("tools: streamed arguments become the input", async () => {
    const stream = clientOf("engineering").messages.stream({ ...user("call get_weather"), tools: [TOOL] });
    const message = await stream.finalMessage();
    const [call] = message.content.filter(({ type }) => type === "tool_use");
    assert.equal(message.stop_reason, "tool_use");
    assert.equal(call.name, "get_weather");
    assert.deepEqual(call.input, { city: "some city" });
  });

  it("errors: a denial is 403 with a request id, and not retried", async () => {
    const counting = countingFetch();
    const client = clientOf("newcomer", { fetch: counting, maxRetries: 2 });
    const error = await failureOf(client.messages.create(user(SSN)));
    assert.ok(error instanceof Anthropic.PermissionDeniedError);
    assert.equal(error.type, "permission_error");
    assert.ok(error.requestID.startsWith("req_"));
    assert.doesNotMatch(error.message, /536/);
    assert.equal(counting.count, 1);
  });

  it("errors: an unknown key is 401; fields that act are refused with their name", async () => {
    assert.ok((await failureOf(clientOf("nobody").messages.create(user("a")))) instanceof Anthropic.AuthenticationError);
    const cases = [
      [{ tools: [{ type: "web_search_20250305", name: "web_search" }] }, /tools\[0\]\.type/],
      [{ inference_geo: "us" }, /inference_geo/],
      [{ container: "c" }, /container/],
      [{ messages: [{ role: "user", content: [{ type: "image", source: { type: "url", url: "https://a" } }] }] }, /source/],
    ];
    for (const [members, field] of cases) {
      const error = await failureOf(clientOf("engineering").messages.create({ ...user("a"), ...members }));
      assert.ok(error instanceof Anthropic.BadRequestError);
      assert.match(error.message, field);
    }
  });

  it("errors: with every private server down it is retried and then overloaded", async () => {
    await demo.fault("qwen72b", "kill");
    await demo.fault("deepseek", "kill");
    const counting = countingFetch();
    const client = clientOf("assistant-us", { fetch: counting, maxRetries: 1 });
    const error = await failureOf(client.messages.create(user(SSN)));
    assert.equal(error.status, 503);
    assert.equal(error.type, "overloaded_error");
    assert.equal(counting.count, 2);
    assert.equal(await demo.received("cloud", "536-22-8145"), false);
  });

  it("errors: a stream that breaks throws", async () => {
    await demo.fault("qwen72b", "cut");
    const stream = clientOf("engineering").messages.stream(user("a long story, please, with many words in it"));
    await failureOf(stream.finalMessage());
  });

  it("abort: leaving a stream ends the server's work", async () => {
    await demo.delay("qwen72b", 50);
    const before = (await demo.stats("qwen72b")).aborted;
    // The connection of a stream that broke may be closing: clients retry there.
    const stream = clientOf("engineering", { maxRetries: 1 }).messages.stream(user("word ".repeat(200)));
    for await (const event of stream) if (event.type === "content_block_delta") break;
    await eventually(async () => (await demo.stats("qwen72b")).aborted > before);
  });

  it("models: Anthropic's shape", async () => {
    const client = clientOf("engineering");
    const ids = [];
    for await (const model of client.models.list()) {
      assert.equal(model.type, "model");
      ids.push(model.id);
    }
    assert.ok(ids.length > 0);
    assert.equal((await client.models.retrieve(ids[0])).id, ids[0]);
    assert.ok((await failureOf(client.models.retrieve("nobody"))) instanceof Anthropic.NotFoundError);
  });

  if (world.qwen72b === "anthropic") {
    it("count_tokens: counted by the server that may see the text", async () => {
      const { max_tokens, ...body } = user("one two three");
      assert.equal((await clientOf("engineering").messages.countTokens(body)).input_tokens, 3);
    });
  }
}
