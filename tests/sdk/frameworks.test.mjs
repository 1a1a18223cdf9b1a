// Vercel's ai with its OpenAI providers, and LangChain: what frameworks send is not what a person would write.
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { after, afterEach, before, test } from "node:test";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { ChatOpenAI, OpenAIEmbeddings } from "@langchain/openai";
import { embed, generateObject, generateText, streamText, tool } from "ai";
import { z } from "zod";
import { SSN, countingFetch, eventually, failureOf, startDemo } from "./demo.mjs";

// LangChain wants the global, which Node 18 has only when asked for.
globalThis.crypto ??= webcrypto;

const ANSWER = z.object({ from: z.string(), text: z.string() });

let demo;
before(async () => {
  demo = await startDemo();
});
after(() => demo.stop());
afterEach(async () => {
  for (const server of ["qwen72b", "deepseek", "cloud"]) {
    await demo.fault(server, "none");
    await demo.delay(server, 0);
  }
});

// Three ways to a model in Vercel's ai.
const PROVIDERS = {
  responses: (person, options) => openai(person, options)("gpt-4o"),
  chat: (person, options) => openai(person, options).chat("gpt-4o"),
  compatible: (person, options) =>
    createOpenAICompatible({
      name: "hpol",
      baseURL: demo.baseURL,
      apiKey: demo.keys[person],
      includeUsage: true,
      supportsStructuredOutputs: true,
      ...options,
    })("gpt-4o"),
};
function openai(person, options) {
  return createOpenAI({ baseURL: demo.baseURL, apiKey: demo.keys[person], ...options });
}

for (const [name, model] of Object.entries(PROVIDERS)) {
  test(`ai/${name}: text, whole and streamed`, async () => {
    const whole = await generateText({ model: model("engineering"), prompt: "hello there" });
    assert.equal(whole.text, "Hello from qwen72b. You wrote: hello there");
    assert.ok(whole.usage.totalTokens > 0);
    const stream = streamText({ model: model("engineering"), prompt: "hello there" });
    let text = "";
    for await (const piece of stream.textStream) text += piece;
    assert.equal(text, whole.text);
    assert.ok((await stream.usage).totalTokens > 0);
  });

  test(`ai/${name}: personal data stays home`, async () => {
    const answer = await generateText({ model: model("marketing-us"), system: "be kind", prompt: SSN });
    assert.match(answer.text, /^Hello from qwen72b/);
    assert.equal(await demo.received("cloud", "536-22-8145"), false);
  });

  test(`ai/${name}: tools run here, with streamed arguments`, async () => {
    const asked = [];
    const weather = tool({
      description: "The weather of a city",
      inputSchema: z.object({ city: z.string() }),
      execute: async ({ city }) => asked.push(city) && "rain",
    });
    const stream = streamText({
      model: model("engineering"),
      prompt: "call get_weather",
      tools: { get_weather: weather },
      stopWhen: ({ steps }) => steps.length === 2,
    });
    await stream.consumeStream();
    assert.deepEqual(asked, ["some city"]);
    assert.match(await stream.text, /rain/);
  });

  test(`ai/${name}: structured output`, async () => {
    const { object } = await generateObject({ model: model("engineering"), schema: ANSWER, prompt: "an object" });
    assert.equal(object.from, "qwen72b");
  });

  test(`ai/${name}: a denial is not retried and keeps its words`, async () => {
    const counting = countingFetch();
    const error = await failureOf(generateText({ model: model("newcomer", { fetch: counting }), prompt: SSN }));
    assert.equal(error.statusCode, 403);
    assert.match(error.message, /denied/);
    assert.equal(counting.count, 1);
  });

  test(`ai/${name}: a stream that breaks reports an error`, async () => {
    await demo.fault("qwen72b", "cut");
    const errors = [];
    const stream = streamText({
      model: model("engineering"),
      prompt: "a long story, please",
      onError: ({ error }) => errors.push(error),
    });
    await stream.consumeStream();
    assert.equal(errors.length, 1);
  });

  test(`ai/${name}: abort ends the server's work`, async () => {
    await demo.delay("qwen72b", 50);
    const before = (await demo.stats("qwen72b")).aborted;
    const controller = new AbortController();
    const stream = streamText({
      model: model("engineering"),
      prompt: "word ".repeat(200),
      abortSignal: controller.signal,
    });
    setTimeout(() => controller.abort(), 300);
    await stream.consumeStream();
    await eventually(async () => (await demo.stats("qwen72b")).aborted > before);
  });
}

test("ai: embeddings", async () => {
  const { embedding } = await embed({ model: openai("marketing-us").embedding("m"), value: "spring" });
  assert.equal(embedding.length, 8);
});

const lang = (person, options = {}) =>
  new ChatOpenAI({
    model: "gpt-4o",
    apiKey: demo.keys[person],
    maxRetries: 0,
    configuration: { baseURL: demo.baseURL },
    ...options,
  });

test("langchain: invoke and stream", async () => {
  assert.equal((await lang("engineering").invoke("hello")).content, "Hello from qwen72b. You wrote: hello");
  let text = "";
  let usage;
  for await (const chunk of await lang("engineering").stream("hello")) {
    text += chunk.content;
    usage = chunk.usage_metadata ?? usage;
  }
  assert.equal(text, "Hello from qwen72b. You wrote: hello");
  assert.ok(usage.total_tokens > 0);
});

test("langchain: tools and structured output", async () => {
  const weather = { type: "function", function: { name: "get_weather", parameters: z.toJSONSchema(z.object({ city: z.string() })) } };
  const answer = await lang("engineering").bindTools([weather]).invoke("call get_weather");
  assert.deepEqual(answer.tool_calls.map(({ name, args }) => [name, args]), [["get_weather", { city: "some city" }]]);
  const structured = await lang("engineering").withStructuredOutput(ANSWER, { method: "jsonSchema" }).invoke("an object");
  assert.equal(structured.from, "qwen72b");
});

test("langchain: responses", async () => {
  const answer = await lang("engineering", { useResponsesApi: true }).invoke("hello");
  assert.equal(answer.text, "Hello from qwen72b. You wrote: hello");
});

test("langchain: embeddings, and personal data in them", async () => {
  const embeddings = new OpenAIEmbeddings({
    model: "m",
    apiKey: demo.keys["marketing-us"],
    configuration: { baseURL: demo.baseURL },
  });
  assert.equal((await embeddings.embedQuery("spring")).length, 8);
  assert.equal((await embeddings.embedDocuments(["a", SSN])).length, 2);
  assert.equal(await demo.received("cloud", "536-22-8145"), false);
});

test("langchain: a denial is an error with its status", async () => {
  assert.equal((await failureOf(lang("newcomer").invoke(SSN))).status, 403);
});
