// The openai client beyond chat completions: responses, completions, embeddings, and what is refused by name.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import OpenAI from "openai";
import { SCHEMA, SSN, WORLDS, countingFetch, failureOf, nameOf, startDemo } from "./demo.mjs";

const TOOL = { type: "function", name: "get_weather", parameters: SCHEMA, strict: false };

for (const world of WORLDS) {
  let demo;
  before(async () => {
    demo = await startDemo(world);
  });
  after(() => demo.stop());
  const it = (name, run) => test(`[${nameOf(world)}] ${name}`, run);
  const clientOf = (person, options = {}) =>
    new OpenAI({ apiKey: demo.keys[person], baseURL: demo.baseURL, maxRetries: 0, ...options });

  it("responses: a text is answered", async () => {
    const answer = await clientOf("engineering").responses.create({ model: "m", input: "hello there" });
    assert.equal(answer.output_text, "Hello from qwen72b. You wrote: hello there");
    assert.equal(answer.status, "completed");
    assert.ok(answer.usage.total_tokens > 0);
    assert.ok(answer._request_id);
  });

  it("responses: personal data stays home, in items as in texts", async () => {
    const answer = await clientOf("assistant-us").responses.create({
      model: "m",
      instructions: "be kind",
      input: [{ role: "user", content: [{ type: "input_text", text: SSN }] }],
    });
    assert.match(answer.output_text, /^Hello from qwen72b/);
    assert.equal(await demo.received("cloud", "536-22-8145"), false);
  });

  it("responses: a stream gathers what was said", async () => {
    const stream = clientOf("engineering").responses.stream({ model: "m", input: "tell me about streams" });
    let text = "";
    const numbers = [];
    for await (const event of stream) {
      numbers.push(event.sequence_number);
      if (event.type === "response.output_text.delta") text += event.delta;
    }
    assert.equal(text, "Hello from qwen72b. You wrote: tell me about streams");
    assert.equal((await stream.finalResponse()).output_text, text);
    assert.deepEqual(numbers, [...numbers].sort((a, b) => a - b));
  });

  it("responses: tools are called, with streamed arguments, and answered", async () => {
    const client = clientOf("engineering");
    const question = { role: "user", content: "call get_weather" };
    const stream = client.responses.stream({ model: "m", input: [question], tools: [TOOL] });
    let pieces = 0;
    stream.on("response.function_call_arguments.delta", () => ++pieces);
    const [call] = (await stream.finalResponse()).output.filter(({ type }) => type === "function_call");
    assert.deepEqual(JSON.parse(call.arguments), { city: "some city" });
    assert.ok(pieces > 0);
    const final = await client.responses.create({
      model: "m",
      tools: [TOOL],
      input: [
        question,
        { type: "function_call", call_id: call.call_id, name: call.name, arguments: call.arguments },
        { type: "function_call_output", call_id: call.call_id, output: "sunny" },
      ],
    });
    assert.match(final.output_text, /You wrote: sunny$/);
  });

  it("responses: structured output", async () => {
    const answer = await clientOf("engineering").responses.parse({
      model: "m",
      input: "an object",
      text: { format: { type: "json_schema", name: "answer", schema: { type: "object" } } },
    });
    // A target that cannot carry a schema is passed over.
    assert.match(answer.output_parsed.from, /^(qwen72b|deepseek)$/);
  });

  it("responses: what would be kept or run at the provider is refused by name, once", async () => {
    const counting = countingFetch();
    const client = clientOf("engineering", { fetch: counting, maxRetries: 2 });
    const cases = [
      [{ previous_response_id: "resp_1" }, "previous_response_id"],
      [{ store: true }, "store"],
      [{ background: true }, "background"],
      [{ tools: [{ type: "web_search" }] }, "tools[0].type"],
      [{ input: [{ role: "user", content: [{ type: "input_file", file_id: "f" }] }] }, "input[0].content[0].file_id"],
    ];
    for (const [members, field] of cases) {
      counting.count = 0;
      const error = await failureOf(client.responses.create({ model: "m", input: "hello", ...members }));
      assert.ok(error instanceof OpenAI.BadRequestError, field);
      assert.equal(error.param, field);
      assert.equal(counting.count, 1);
    }
  });
}

{
  let demo;
  before(async () => {
    demo = await startDemo();
  });
  after(() => demo.stop());
  const clientOf = (person, options = {}) =>
    new OpenAI({ apiKey: demo.keys[person], baseURL: demo.baseURL, maxRetries: 0, ...options });

  test("embeddings: base64 by default, floats when asked for, and the label decides who makes them", async () => {
    const client = clientOf("marketing-us");
    const base64 = await client.embeddings.create({ model: "m", input: ["spring", "sale"] });
    assert.equal(base64.data.length, 2);
    assert.equal(base64.data[0].embedding.length, 8);
    const floats = await client.embeddings.create({ model: "m", input: "spring", encoding_format: "float" });
    floats.data[0].embedding.forEach((value, i) => assert.ok(Math.abs(value - base64.data[0].embedding[i]) < 1e-6));
    await client.embeddings.create({ model: "m", input: ["fine", SSN] });
    assert.equal(await demo.received("qwen72b", "536-22-8145"), true);
    assert.equal(await demo.received("cloud", "536-22-8145"), false);
  });

  test("embeddings: token ids are not for the cloud", async () => {
    await clientOf("marketing-us").embeddings.create({ model: "m", input: [[13084, 22195, 79552]] });
    assert.equal(await demo.received("qwen72b", "13084"), true);
    assert.equal(await demo.received("cloud", "13084"), false);
  });

  test("completions: whole and streamed", async () => {
    const client = clientOf("engineering");
    const whole = await client.completions.create({ model: "m", prompt: "once upon" });
    assert.equal(whole.choices[0].text, "Hello from qwen72b. You wrote: once upon");
    let text = "";
    for await (const chunk of await client.completions.create({ model: "m", prompt: "once upon", stream: true })) {
      text += chunk.choices[0]?.text ?? "";
    }
    assert.equal(text, whole.choices[0].text);
  });

  test("models: one by its name, and a clear error for another", async () => {
    const client = clientOf("engineering");
    const [first] = (await client.models.list()).data;
    assert.equal((await client.models.retrieve(first.id)).id, first.id);
    assert.ok((await failureOf(client.models.retrieve("nobody's"))) instanceof OpenAI.NotFoundError);
  });

  test("errors: files, batches, pictures and stored responses are refused by name, once", async () => {
    const counting = countingFetch();
    const client = clientOf("engineering", { fetch: counting, maxRetries: 2 });
    const asked = [
      () => client.files.list(),
      () => client.batches.create({ input_file_id: "f", endpoint: "/v1/chat/completions", completion_window: "24h" }),
      () => client.vectorStores.list(),
      () => client.images.generate({ model: "m", prompt: "a cat" }),
      () => client.responses.retrieve("resp_1"),
      () => client.conversations.create({}),
    ];
    for (const ask of asked) {
      counting.count = 0;
      const error = await failureOf(ask());
      assert.equal(error.status, 403, String(ask));
      assert.equal(error.code, "not_offered");
      assert.equal(counting.count, 1);
    }
  });
}
